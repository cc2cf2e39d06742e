# Runs at every boot, also before mpremote: reads the configuration and starts nothing that waits.
import firn

firn.boot()
