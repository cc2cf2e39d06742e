"""Brings up lwIP's PPP on UART 0; the other end gives it its address."""

import time

import machine
import network

# Fast enough to be no limit. What is sent goes out at once; what comes waits for poll().
uart = machine.UART(
    0, 3000000, tx=machine.Pin(0), rx=machine.Pin(1), rxbuf=16384, txbuf=2048, timeout=0
)
time.sleep_ms(20)
while uart.read():  # what came for the program before a reset
    pass
ppp = network.PPP(uart)
ppp.connect()
# The UART's interrupt calls poll() when the line falls silent. This is for a line that does not
# until the buffer is full; not more often, as a Ctrl-C that meets a callback comes to nothing.
timer = machine.Timer(period=250, callback=ppp.poll)
