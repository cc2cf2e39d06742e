// LAN9118 Ethernet controller (SMSC data sheet DS00002266) as an lwIP network interface.

#include <string.h>
#include "py/runtime.h"
#include "extmod/modnetwork.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/mld6.h"
#include "lwip/netif.h"
#include "netif/ethernet.h"
#include "lan9118.h"
#include "mps2.h"

#define LAN_REG(offset) MPS2_REG(0x40200000 + (offset))
#define RX_DATA_FIFO LAN_REG(0x00)
#define TX_DATA_FIFO LAN_REG(0x20)
#define RX_STATUS_FIFO LAN_REG(0x40)
#define TX_STATUS_FIFO LAN_REG(0x48)
#define IRQ_CFG LAN_REG(0x54)
#define INT_STS LAN_REG(0x58)
#define INT_EN LAN_REG(0x5c)
#define BYTE_TEST LAN_REG(0x64)
#define FIFO_INT LAN_REG(0x68)
#define RX_CFG LAN_REG(0x6c)
#define TX_CFG LAN_REG(0x70)
#define HW_CFG LAN_REG(0x74)
#define RX_FIFO_INF LAN_REG(0x7c)
#define TX_FIFO_INF LAN_REG(0x80)
#define MAC_CSR_CMD LAN_REG(0xa4)
#define MAC_CSR_DATA LAN_REG(0xa8)

#define BYTE_TEST_VALUE (0x87654321u)
#define IRQ_CFG_ENABLED_HIGH_PUSHPULL ((1u << 8) | (1u << 4) | (1u << 0))
#define INT_RX_STATUS_LEVEL (1u << 3)
#define INT_PHY (1u << 18)
#define FIFO_INT_ANY_FRAME (0xff000000u)
#define HW_CFG_SOFT_RESET (1u << 0)
#define HW_CFG_MUST_BE_ONE (1u << 20)
#define HW_CFG_TX_FIFO_5K (5u << 16)
#define TX_CFG_ON (1u << 1)
#define TX_CMD_FIRST_AND_LAST ((1u << 13) | (1u << 12))
#define FIFO_STATUS_USED(info) (((info) >> 16) & 0xff)
#define RX_STATUS_ERROR (1u << 15)
#define RX_STATUS_LENGTH(status) (((status) >> 16) & 0x3fff)

// MAC registers, reached through MAC_CSR_CMD.
#define MAC_CSR_BUSY (1u << 31)
#define MAC_CSR_READ (1u << 30)
#define MAC_CR (1)
#define MAC_CR_RX_ENABLE (1u << 2)
#define MAC_CR_TX_ENABLE (1u << 3)
#define MAC_CR_ALL_MULTICAST (1u << 19)
#define MAC_ADDR_HIGH (2)
#define MAC_ADDR_LOW (3)
#define MAC_MII_ACCESS (6)
#define MAC_MII_DATA (7)
#define MII_BUSY (1u << 0)
#define MII_WRITE (1u << 1)
#define MII_PHY_1 (1u << 11)

// PHY registers, reached through the MAC's MII_ACCESS.
#define PHY_STATUS (1)
#define PHY_STATUS_LINK (1u << 2)
#define PHY_INT_SOURCE (29)
#define PHY_INT_MASK (30)
#define PHY_INT_LINK_DOWN (1u << 4)
#define PHY_INT_NEGOTIATED (1u << 6)

#define FRAME_MAX (1536)
#define FRAME_MIN (14)
#define CRC_LEN (4)
#define FRAMES_PER_POLL (32)

struct netif lan9118_netif;
lan9118_counters_t lan9118_counters;

static volatile bool interrupted;
// Separate buffers: lwIP answers while a received frame is in use. Neither is on the stack,
// which is small.
static uint32_t rx_frame[FRAME_MAX / 4];
static uint32_t tx_frame[FRAME_MAX / 4];

static uint32_t mac_read(uint32_t reg) {
    MAC_CSR_CMD = MAC_CSR_BUSY | MAC_CSR_READ | reg;
    while (MAC_CSR_CMD & MAC_CSR_BUSY) {
    }
    return MAC_CSR_DATA;
}

static void mac_write(uint32_t reg, uint32_t value) {
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = MAC_CSR_BUSY | reg;
    while (MAC_CSR_CMD & MAC_CSR_BUSY) {
    }
}

static uint32_t phy_read(uint32_t reg) {
    mac_write(MAC_MII_ACCESS, MII_PHY_1 | (reg << 6) | MII_BUSY);
    return mac_read(MAC_MII_DATA);
}

static void phy_write(uint32_t reg, uint32_t value) {
    mac_write(MAC_MII_DATA, value);
    mac_write(MAC_MII_ACCESS, MII_PHY_1 | (reg << 6) | MII_WRITE | MII_BUSY);
}

static void update_link(void) {
    if (phy_read(PHY_STATUS) & PHY_STATUS_LINK) {
        netif_set_link_up(&lan9118_netif);
    } else {
        netif_set_link_down(&lan9118_netif);
    }
}

// --- sending --------------------------------------------------------------------------------

static err_t send_frame(struct netif *netif, struct pbuf *p) {
    if (p->tot_len > sizeof(tx_frame)) {
        return ERR_BUF;
    }
    pbuf_copy_partial(p, tx_frame, p->tot_len, 0);
    TX_DATA_FIFO = TX_CMD_FIRST_AND_LAST | p->tot_len;
    TX_DATA_FIFO = p->tot_len;
    for (size_t i = 0; i < (p->tot_len + 3u) / 4; i++) {
        TX_DATA_FIFO = tx_frame[i];
    }
    // QEMU sends at once; its status must be taken or the controller stops.
    while (FIFO_STATUS_USED(TX_FIFO_INF) != 0) {
        (void)TX_STATUS_FIFO;
    }
    lan9118_counters.sent++;
    return ERR_OK;
}

// --- receiving ------------------------------------------------------------------------------

// The controller's interrupt is a level: mask it until the next poll has dealt with the cause.
void lan9118_isr(void) {
    mps2_irq_disable(MPS2_IRQ_ETHERNET);
    interrupted = true;
}

static void receive_frame(void) {
    uint32_t status = RX_STATUS_FIFO;
    uint32_t len = RX_STATUS_LENGTH(status); // with the CRC
    size_t words = (len + 3) / 4;
    for (size_t i = 0; i < words; i++) {
        uint32_t word = RX_DATA_FIFO;
        if (i < MP_ARRAY_SIZE(rx_frame)) {
            rx_frame[i] = word;
        }
    }
    if ((status & RX_STATUS_ERROR) || len < FRAME_MIN + CRC_LEN || len > sizeof(rx_frame)) {
        lan9118_counters.dropped++;
        return;
    }
    struct pbuf *p = pbuf_alloc(PBUF_RAW, len - CRC_LEN, PBUF_POOL);
    if (p == NULL) {
        lan9118_counters.dropped++; // TCP sends it again
        return;
    }
    pbuf_take(p, rx_frame, len - CRC_LEN);
    lan9118_counters.received++;
    if (lan9118_netif.input(p, &lan9118_netif) != ERR_OK) {
        pbuf_free(p);
    }
}

void lan9118_poll(void) {
    if (!interrupted) {
        return;
    }
    interrupted = false;
    uint32_t causes = INT_STS;
    INT_STS = causes; // before emptying the FIFO: a frame that comes later raises it again
    if (causes & INT_PHY) {
        (void)phy_read(PHY_INT_SOURCE); // reading clears it
        update_link();
    }
    for (unsigned n = 0; FIFO_STATUS_USED(RX_FIFO_INF) != 0; n++) {
        if (n == FRAMES_PER_POLL) {
            interrupted = true; // let Python have a turn
            port_poll_due = 1;
            break;
        }
        receive_frame();
    }
    mps2_irq_enable(MPS2_IRQ_ETHERNET);
}

// --- setting up -----------------------------------------------------------------------------

static err_t init_netif(struct netif *netif) {
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->linkoutput = send_frame;
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET
        | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
    netif->hostname = mod_network_hostname_data;
    uint32_t low = mac_read(MAC_ADDR_LOW);
    uint32_t high = mac_read(MAC_ADDR_HIGH);
    memcpy(netif->hwaddr, &low, 4);
    memcpy(netif->hwaddr + 4, &high, 2);
    netif->hwaddr_len = 6;
    netif_set_ip6_autoconfig_enabled(netif, 1);
    NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_ENABLE_ALL); // QEMU's LAN9118 has no offload
    return ERR_OK;
}

bool lan9118_init(void) {
    if (BYTE_TEST != BYTE_TEST_VALUE) {
        return false;
    }
    HW_CFG = HW_CFG_SOFT_RESET;
    while (HW_CFG & HW_CFG_SOFT_RESET) {
    }
    HW_CFG = HW_CFG_TX_FIFO_5K | HW_CFG_MUST_BE_ONE;
    RX_CFG = 0;
    TX_CFG = TX_CFG_ON;
    FIFO_INT = FIFO_INT_ANY_FRAME;
    INT_STS = 0xffffffffu;
    mac_write(MAC_CR, MAC_CR_TX_ENABLE | MAC_CR_RX_ENABLE | MAC_CR_ALL_MULTICAST);
    phy_write(PHY_INT_MASK, PHY_INT_LINK_DOWN | PHY_INT_NEGOTIATED);
    netif_add_noaddr(&lan9118_netif, NULL, init_netif, ethernet_input);
    netif_create_ip6_linklocal_address(&lan9118_netif, 1);
    netif_set_default(&lan9118_netif);
    update_link();
    INT_EN = INT_RX_STATUS_LEVEL | INT_PHY;
    IRQ_CFG = IRQ_CFG_ENABLED_HIGH_PUSHPULL;
    mps2_irq_enable(MPS2_IRQ_ETHERNET);
    return true;
}
