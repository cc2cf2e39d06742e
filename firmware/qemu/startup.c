// Vector table, start of the C program, watchdog NMI and faults.

#include <stdbool.h>
#include <string.h>
#include "console.h"
#include "mphalport.h"
#include "mps2.h"
#include "retained.h"

extern uint32_t __stack_top, __data_load, __data_start, __data_end, __bss_start, __bss_end;
extern uint32_t __ram_start, __ram_end;
int main(void);

// Faults get a stack of their own: what went wrong may be the stack.
static uint64_t fault_stack[128];

void Reset_Handler(void) {
    memcpy(&__data_start, &__data_load, (char *)&__data_end - (char *)&__data_start);
    memset(&__bss_start, 0, (char *)&__bss_end - (char *)&__bss_start);
    main();
    port_reset(RESET_WDT);
}

static void print_hex(const char *name, uint32_t value) {
    char text[] = "00000000";
    for (int i = 7; i >= 0; i--, value >>= 4) {
        text[i] = "0123456789abcdef"[value & 15];
    }
    console_write(name, strlen(name));
    console_write(text, 8);
}

static void print_text(const char *text) {
    console_write(text, strlen(text));
}

MP_NORETURN static void halt(void) {
    for (;;) {
        __asm volatile ("cpsid i\n wfi");
    }
}

// The registers that an exception pushes (Armv7-M ARM, B1.5.6).
typedef struct {
    uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
} exception_frame_t;

#define SEMIHOSTING_BREAKPOINT (0xbeab) // bkpt 0xab

__attribute__((used)) static void fault_report(const exception_frame_t *frame) {
    bool readable = (uint32_t)frame >= (uint32_t)&__ram_start
        && (uint32_t)frame + sizeof(*frame) <= (uint32_t)&__ram_end;
    // QEMU serves this instruction, unless it was started without semihosting.
    if (readable && frame->pc < (uint32_t)&__data_load
        && *(const uint16_t *)frame->pc == SEMIHOSTING_BREAKPOINT) {
        print_text("\r\nThis image needs semihosting: expected QEMU to be started with "
            "-semihosting-config enable=on,target=native\r\n");
        halt();
    }
    print_text("\r\nHardFault:");
    if (readable) {
        print_hex(" pc=", frame->pc);
        print_hex(" lr=", frame->lr);
        print_hex(" xpsr=", frame->xpsr);
        print_hex("\r\n r0=", frame->r0);
        print_hex(" r1=", frame->r1);
        print_hex(" r2=", frame->r2);
        print_hex(" r3=", frame->r3);
        print_hex(" r12=", frame->r12);
    } else {
        print_text(" C stack overflow");
    }
    print_hex("\r\n sp=", (uint32_t)frame);
    print_hex(" cfsr=", SCB_CFSR);
    print_hex(" hfsr=", SCB_HFSR);
    print_hex(" bfar=", SCB_BFAR);
    print_text("\r\n");
    port_reset(RESET_WDT);
}

__attribute__((naked)) static void HardFault_Handler(void) {
    __asm volatile (
        "mrs r0, msp\n"
        "msr msp, %0\n"
        "b fault_report\n"
        :: "r" ((char *)fault_stack + sizeof(fault_stack)) : "r0");
}

// The watchdog's first expiry. It cannot be masked, so it ends any loop; should even this
// handler not run, the second expiry resets the machine.
static void NMI_Handler(void) {
    static const char message[] = "\r\nwatchdog: not fed in time, resetting\r\n";
    console_write(message, sizeof(message) - 1);
    port_reset(RESET_WDT);
}

static void Unexpected_Handler(void) {
    print_text("\r\nUnexpected interrupt\r\n");
    port_reset(RESET_WDT);
}

typedef void (*handler_t)(void);

__attribute__((section(".isr_vector"), used))
static const handler_t vectors[16 + MPS2_NUM_IRQS] = {
    [0] = (handler_t)&__stack_top,
    [1] = Reset_Handler,
    [2] = NMI_Handler,
    [3 ... 15 + MPS2_NUM_IRQS] = Unexpected_Handler,
    [3] = HardFault_Handler,
    [16 + MPS2_IRQ_UART0_RX] = console_rx_isr,
    [16 + MPS2_IRQ_TIMER0] = port_timer_isr,
    [16 + MPS2_IRQ_ETHERNET] = port_ethernet_isr,
};
