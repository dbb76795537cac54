// Generated from the files beside it by `make generate`.
import type { Cause } from '../cause.js';
import { broadcastMulticastInL3 } from './broadcast-multicast-in-l3.js';
import { captivePortalOrProxyRequired } from './captive-portal-or-proxy-required.js';
import { cloudRouteTableMissing } from './cloud-route-table-missing.js';
import { cloudSecondaryIpNotAssigned } from './cloud-secondary-ip-not-assigned.js';
import { cloudSourceDestCheck } from './cloud-source-dest-check.js';
import { configOnlyOrSwarmMisuse } from './config-only-or-swarm-misuse.js';
import { containerLocalFirewallOrRoutes } from './container-local-firewall-or-routes.js';
import { containerToContainerViaDifferentDriver } from './container-to-container-via-different-driver.js';
import { containerUsesHostOrGatewayIp } from './container-uses-host-or-gateway-ip.js';
import { crossParentOrCrossSubnet } from './cross-parent-or-cross-subnet.js';
import { customMacOnIpvlan } from './custom-mac-on-ipvlan.js';
import { defaultRouteNotViaParent } from './default-route-not-via-parent.js';
import { dhcpOnIpvlan } from './dhcp-on-ipvlan.js';
import { dnsServerUnreachableFromContainer } from './dns-server-unreachable-from-container.js';
import { dockerDesktopOrRootless } from './docker-desktop-or-rootless.js';
import { duplicateIpOnLan } from './duplicate-ip-on-lan.js';
import { duplicateIpOnSameParent } from './duplicate-ip-on-same-parent.js';
import { embeddedDnsNotForwardingL3 } from './embedded-dns-not-forwarding-l3.js';
import { engineRefused } from './engine-refused.js';
import { gatewayAclDropsContainerSubnet } from './gateway-acl-drops-container-subnet.js';
import { gatewayIgnoredInL3 } from './gateway-ignored-in-l3.js';
import { gatewayMissingReturnRoute } from './gateway-missing-return-route.js';
import { gatewayNoNatForContainerSubnet } from './gateway-no-nat-for-container-subnet.js';
import { gatewayRejectsManyIpsPerMac } from './gateway-rejects-many-ips-per-mac.js';
import { gatewayReturnRouteWrongNextHop } from './gateway-return-route-wrong-next-hop.js';
import { gatewayStrictRpf } from './gateway-strict-rpf.js';
import { hostChildIsolation } from './host-child-isolation.js';
import { hostDefaultRouteLost } from './host-default-route-lost.js';
import { hostForwardPolicyDrop } from './host-forward-policy-drop.js';
import { hostIpForwardOff } from './host-ip-forward-off.js';
import { hostMasqueradeBreaksL3Conntrack } from './host-masquerade-breaks-l3-conntrack.js';
import { hostOutputDropNewOnly } from './host-output-drop-new-only.js';
import { hostOutputDropsCtInvalid } from './host-output-drops-ct-invalid.js';
import { hostOutputEgressKillswitch } from './host-output-egress-killswitch.js';
import { hostOutputFirewallDrop } from './host-output-firewall-drop.js';
import { hostPolicyRouteBlocksContainerSource } from './host-policy-route-blocks-container-source.js';
import { hostRouteOverlapsContainerSubnet } from './host-route-overlaps-container-subnet.js';
import { hostRpFilter } from './host-rp-filter.js';
import { hypervisorMacFilter } from './hypervisor-mac-filter.js';
import { internalNetwork } from './internal-network.js';
import { internalOrParentlessNoExternalDns } from './internal-or-parentless-no-external-dns.js';
import { internetUplinkDown } from './internet-uplink-down.js';
import { ipamRejectsAddress } from './ipam-rejects-address.js';
import { ipv6Config } from './ipv6-config.js';
import { ipv6L3HostDefaultMissingOrOtherNic } from './ipv6-l3-host-default-missing-or-other-nic.js';
import { ipvlanFlagPrivateOrVepa } from './ipvlan-flag-private-or-vepa.js';
import { ipvlanModeNotValid } from './ipvlan-mode-not-valid.js';
import { ipvlanPortModeFlip } from './ipvlan-port-mode-flip.js';
import { kernelLacksIpvlan } from './kernel-lacks-ipvlan.js';
import { l2SubnetNotOnParentSegment } from './l2-subnet-not-on-parent-segment.js';
import { l3BesideAnotherNetwork } from './l3-beside-another-network.js';
import { l3HostPathNeedsHairpin } from './l3-host-path-needs-hairpin.js';
import { l3SubnetEqualsLanSubnet } from './l3-subnet-equals-lan-subnet.js';
import { l3sHostInputFirewallDrop } from './l3s-host-input-firewall-drop.js';
import { mtuMismatch } from './mtu-mismatch.js';
import { networkNotRestoredAfterBoot } from './network-not-restored-after-boot.js';
import { noGatewayConfigured } from './no-gateway-configured.js';
import { packetLoss } from './packet-loss.js';
import { parentAlreadyUsedByIpvlanNetwork } from './parent-already-used-by-ipvlan-network.js';
import { parentDownOrNoCarrier } from './parent-down-or-no-carrier.js';
import { parentNotEthernet } from './parent-not-ethernet.js';
import { parentNotFound } from './parent-not-found.js';
import { parentRxHandlerBusy } from './parent-rx-handler-busy.js';
import { parentTcXdpOrNetdevFilter } from './parent-tc-xdp-or-netdev-filter.js';
import { parentlessNetworkDummy } from './parentless-network-dummy.js';
import { peerLocalFirewall } from './peer-local-firewall.js';
import { publishedPortsIgnored } from './published-ports-ignored.js';
import { securityGroupOrNacl } from './security-group-or-nacl.js';
import { serviceBoundToWrongAddress } from './service-bound-to-wrong-address.js';
import { shimMisconfigured } from './shim-misconfigured.js';
import { staleNeighbourCache } from './stale-neighbour-cache.js';
import { statefulGatewayAsymmetricPath } from './stateful-gateway-asymmetric-path.js';
import { switchPortSecurity } from './switch-port-security.js';
import { targetUnresponsive } from './target-unresponsive.js';
import { vlanTagMismatch } from './vlan-tag-mismatch.js';
import { vpnBypass } from './vpn-bypass.js';
import { wifiParent } from './wifi-parent.js';
import { wrongDefaultNetworkChosen } from './wrong-default-network-chosen.js';
import { wrongGatewayAddress } from './wrong-gateway-address.js';
import { wrongPrefixLength } from './wrong-prefix-length.js';

/** Every cause the tool knows. */
export const CAUSES: readonly Cause[] = [
  broadcastMulticastInL3,
  captivePortalOrProxyRequired,
  cloudRouteTableMissing,
  cloudSecondaryIpNotAssigned,
  cloudSourceDestCheck,
  configOnlyOrSwarmMisuse,
  containerLocalFirewallOrRoutes,
  containerToContainerViaDifferentDriver,
  containerUsesHostOrGatewayIp,
  crossParentOrCrossSubnet,
  customMacOnIpvlan,
  defaultRouteNotViaParent,
  dhcpOnIpvlan,
  dnsServerUnreachableFromContainer,
  dockerDesktopOrRootless,
  duplicateIpOnLan,
  duplicateIpOnSameParent,
  embeddedDnsNotForwardingL3,
  engineRefused,
  gatewayAclDropsContainerSubnet,
  gatewayIgnoredInL3,
  gatewayMissingReturnRoute,
  gatewayNoNatForContainerSubnet,
  gatewayRejectsManyIpsPerMac,
  gatewayReturnRouteWrongNextHop,
  gatewayStrictRpf,
  hostChildIsolation,
  hostDefaultRouteLost,
  hostForwardPolicyDrop,
  hostIpForwardOff,
  hostMasqueradeBreaksL3Conntrack,
  hostOutputDropNewOnly,
  hostOutputDropsCtInvalid,
  hostOutputEgressKillswitch,
  hostOutputFirewallDrop,
  hostPolicyRouteBlocksContainerSource,
  hostRouteOverlapsContainerSubnet,
  hostRpFilter,
  hypervisorMacFilter,
  internalNetwork,
  internalOrParentlessNoExternalDns,
  internetUplinkDown,
  ipamRejectsAddress,
  ipv6Config,
  ipv6L3HostDefaultMissingOrOtherNic,
  ipvlanFlagPrivateOrVepa,
  ipvlanModeNotValid,
  ipvlanPortModeFlip,
  kernelLacksIpvlan,
  l2SubnetNotOnParentSegment,
  l3BesideAnotherNetwork,
  l3HostPathNeedsHairpin,
  l3SubnetEqualsLanSubnet,
  l3sHostInputFirewallDrop,
  mtuMismatch,
  networkNotRestoredAfterBoot,
  noGatewayConfigured,
  packetLoss,
  parentAlreadyUsedByIpvlanNetwork,
  parentDownOrNoCarrier,
  parentNotEthernet,
  parentNotFound,
  parentRxHandlerBusy,
  parentTcXdpOrNetdevFilter,
  parentlessNetworkDummy,
  peerLocalFirewall,
  publishedPortsIgnored,
  securityGroupOrNacl,
  serviceBoundToWrongAddress,
  shimMisconfigured,
  staleNeighbourCache,
  statefulGatewayAsymmetricPath,
  switchPortSecurity,
  targetUnresponsive,
  vlanTagMismatch,
  vpnBypass,
  wifiParent,
  wrongDefaultNetworkChosen,
  wrongGatewayAddress,
  wrongPrefixLength,
];
