"""Brings up lwIP's PPP on UART 0; the other end gives it its address."""

import machine
import network

# Fast enough to be no limit. What is sent goes out at once; what comes waits for poll().
uart = machine.UART(
    0, 3000000, tx=machine.Pin(0), rx=machine.Pin(1), rxbuf=4096, txbuf=2048, timeout=0
)
ppp = network.PPP(uart)
ppp.connect()
# The UART's interrupt calls poll() when the line falls silent, which it may not do for long.
timer = machine.Timer(period=10, callback=lambda timer: ppp.poll())
