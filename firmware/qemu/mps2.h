// Registers of the Arm MPS2 board with FPGA image AN385 (Cortex-M3), as QEMU models it.
// Arm Application Note AN385, chapter 3; Cortex-M System Design Kit TRM (DDI0479).
#ifndef FIRN_QEMU_MPS2_H
#define FIRN_QEMU_MPS2_H

#include <stdint.h>

#define MPS2_REG(address) (*(volatile uint32_t *)(address))
#define MPS2_CLOCK_HZ (25000000u)
#define MPS2_CYCLES_PER_US (MPS2_CLOCK_HZ / 1000000u)

// Interrupt numbers.
#define MPS2_IRQ_UART0_RX (0)
#define MPS2_IRQ_TIMER0 (8)
#define MPS2_IRQ_ETHERNET (13)
#define MPS2_NUM_IRQS (32)

// CMSDK timer 0: counts down, reloads, interrupts.
#define TIMER0_CTRL MPS2_REG(0x40000000)
#define TIMER0_VALUE MPS2_REG(0x40000004)
#define TIMER0_RELOAD MPS2_REG(0x40000008)
#define TIMER0_INTCLEAR MPS2_REG(0x4000000c)
#define TIMER_CTRL_ENABLE (1u << 0)
#define TIMER_CTRL_IRQ_ENABLE (1u << 3)

// CMSDK UART 0.
#define UART0_DATA MPS2_REG(0x40004000)
#define UART0_STATE MPS2_REG(0x40004004)
#define UART0_CTRL MPS2_REG(0x40004008)
#define UART0_INTCLEAR MPS2_REG(0x4000400c)
#define UART0_BAUDDIV MPS2_REG(0x40004010)
#define UART_STATE_TX_FULL (1u << 0)
#define UART_STATE_RX_FULL (1u << 1)
#define UART_CTRL_TX_ENABLE (1u << 0)
#define UART_CTRL_RX_ENABLE (1u << 1)
#define UART_CTRL_RX_IRQ_ENABLE (1u << 3)
#define UART_INT_RX (1u << 1)

// CMSDK watchdog: the first expiry raises NMI, the second resets the machine.
#define WDOG_LOAD MPS2_REG(0x40008000)
#define WDOG_CTRL MPS2_REG(0x40008008)
#define WDOG_INTCLR MPS2_REG(0x4000800c)
#define WDOG_LOCK MPS2_REG(0x40008c00)
#define WDOG_CTRL_NMI_ENABLE (1u << 0)
#define WDOG_CTRL_RESET_ENABLE (1u << 1)
#define WDOG_UNLOCK_KEY (0x1acce551u)

// FPGA I/O: a free-running counter behind a prescaler.
#define FPGAIO_COUNTER MPS2_REG(0x40028018)
#define FPGAIO_PRESCALE MPS2_REG(0x4002801c)

// Cortex-M3 system control space.
#define NVIC_ISER0 MPS2_REG(0xe000e100)
#define NVIC_ICER0 MPS2_REG(0xe000e180)
#define SCB_AIRCR MPS2_REG(0xe000ed0c)
#define SCB_CFSR MPS2_REG(0xe000ed28)
#define SCB_HFSR MPS2_REG(0xe000ed2c)
#define SCB_BFAR MPS2_REG(0xe000ed38)
#define SCB_AIRCR_SYSRESETREQ (0x05fa0004u)

static inline void mps2_irq_enable(unsigned irq) {
    NVIC_ISER0 = 1u << irq;
}

static inline void mps2_irq_disable(unsigned irq) {
    NVIC_ICER0 = 1u << irq;
    __asm volatile ("dsb\n isb" ::: "memory");
}

#endif // FIRN_QEMU_MPS2_H
