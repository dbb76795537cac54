// Generated from the files beside it by `make generate`.
import type { Cause } from '../cause.js';
import { broadcastMulticastInL3 } from './link/broadcast-multicast-in-l3.js';
import { captivePortalOrProxyRequired } from './uplink/captive-portal-or-proxy-required.js';
import { cloudRouteTableMissing } from './gateway/cloud-route-table-missing.js';
import { cloudSecondaryIpNotAssigned } from './link/cloud-secondary-ip-not-assigned.js';
import { cloudSourceDestCheck } from './link/cloud-source-dest-check.js';
import { configOnlyOrSwarmMisuse } from './engine/config-only-or-swarm-misuse.js';
import { containerLocalFirewallOrRoutes } from './container/container-local-firewall-or-routes.js';
import { containerRouterDropsForwarded } from './container/container-router-drops-forwarded.js';
import { containerToContainerViaDifferentDriver } from './link/container-to-container-via-different-driver.js';
import { containerUsesHostOrGatewayIp } from './address/container-uses-host-or-gateway-ip.js';
import { crossParentOrCrossSubnet } from './address/cross-parent-or-cross-subnet.js';
import { customMacOnIpvlan } from './engine/custom-mac-on-ipvlan.js';
import { defaultRouteNotViaParent } from './host-route/default-route-not-via-parent.js';
import { dhcpOnIpvlan } from './service/dhcp-on-ipvlan.js';
import { dnsServerUnreachableFromContainer } from './service/dns-server-unreachable-from-container.js';
import { dockerDesktopOrRootless } from './engine/docker-desktop-or-rootless.js';
import { duplicateIpOnLan } from './address/duplicate-ip-on-lan.js';
import { duplicateIpOnSameParent } from './address/duplicate-ip-on-same-parent.js';
import { duplicateMacOnParent } from './engine/duplicate-mac-on-parent.js';
import { embeddedDnsNotForwardingL3 } from './service/embedded-dns-not-forwarding-l3.js';
import { engineRefused } from './engine/engine-refused.js';
import { gatewayAclDropsContainerSubnet } from './gateway/gateway-acl-drops-container-subnet.js';
import { gatewayIgnoredInL3 } from './address/gateway-ignored-in-l3.js';
import { gatewayMissingReturnRoute } from './gateway/gateway-missing-return-route.js';
import { gatewayNoNatForContainerSubnet } from './gateway/gateway-no-nat-for-container-subnet.js';
import { gatewayRejectsManyIpsPerMac } from './link/gateway-rejects-many-ips-per-mac.js';
import { gatewayReturnRouteWrongNextHop } from './gateway/gateway-return-route-wrong-next-hop.js';
import { gatewayStrictRpf } from './gateway/gateway-strict-rpf.js';
import { hostChildIsolation } from './link/host-child-isolation.js';
import { hostDefaultRouteLost } from './host-route/host-default-route-lost.js';
import { hostForwardPolicyDrop } from './host-filter/host-forward-policy-drop.js';
import { hostIpForwardOff } from './host-route/host-ip-forward-off.js';
import { hostMasqueradeBreaksL3Conntrack } from './host-filter/host-masquerade-breaks-l3-conntrack.js';
import { hostOutputDropNewOnly } from './host-filter/host-output-drop-new-only.js';
import { hostOutputDropsCtInvalid } from './host-filter/host-output-drops-ct-invalid.js';
import { hostOutputEgressKillswitch } from './host-filter/host-output-egress-killswitch.js';
import { hostOutputFirewallDrop } from './host-filter/host-output-firewall-drop.js';
import { hostPolicyRouteBlocksContainerSource } from './host-route/host-policy-route-blocks-container-source.js';
import { hostRouteOverlapsContainerSubnet } from './host-route/host-route-overlaps-container-subnet.js';
import { hostRpFilter } from './host-route/host-rp-filter.js';
import { hypervisorMacFilter } from './link/hypervisor-mac-filter.js';
import { internalNetwork } from './container/internal-network.js';
import { internalOrParentlessNoExternalDns } from './service/internal-or-parentless-no-external-dns.js';
import { internetUplinkDown } from './uplink/internet-uplink-down.js';
import { ipamRejectsAddress } from './engine/ipam-rejects-address.js';
import { ipv6Config } from './container/ipv6-config.js';
import { ipv6L3HostDefaultMissingOrOtherNic } from './host-route/ipv6-l3-host-default-missing-or-other-nic.js';
import { ipvlanFlagPrivateOrVepa } from './link/ipvlan-flag-private-or-vepa.js';
import { ipvlanModeNotValid } from './engine/ipvlan-mode-not-valid.js';
import { ipvlanPortModeFlip } from './link/ipvlan-port-mode-flip.js';
import { kernelLacksIpvlan } from './engine/kernel-lacks-ipvlan.js';
import { l2SubnetNotOnParentSegment } from './address/l2-subnet-not-on-parent-segment.js';
import { l3BesideAnotherNetwork } from './engine/l3-beside-another-network.js';
import { l3HostPathNeedsHairpin } from './gateway/l3-host-path-needs-hairpin.js';
import { l3SubnetEqualsLanSubnet } from './address/l3-subnet-equals-lan-subnet.js';
import { l3sHostInputFirewallDrop } from './host-filter/l3s-host-input-firewall-drop.js';
import { mtuMismatch } from './link/mtu-mismatch.js';
import { multicastLeavesViaOtherNetwork } from './container/multicast-leaves-via-other-network.js';
import { multicastSnoopingDropsSolicitations } from './link/multicast-snooping-drops-solicitations.js';
import { networkNotRestoredAfterBoot } from './engine/network-not-restored-after-boot.js';
import { noGatewayConfigured } from './container/no-gateway-configured.js';
import { optionIgnoredByDriver } from './link/option-ignored-by-driver.js';
import { packetLoss } from './link/packet-loss.js';
import { parentAlreadyUsedByIpvlanNetwork } from './engine/parent-already-used-by-ipvlan-network.js';
import { parentDownOrNoCarrier } from './link/parent-down-or-no-carrier.js';
import { parentIsBondWithDeadLeg } from './link/parent-is-bond-with-dead-leg.js';
import { parentNotEthernet } from './engine/parent-not-ethernet.js';
import { parentNotFound } from './engine/parent-not-found.js';
import { parentRxHandlerBusy } from './engine/parent-rx-handler-busy.js';
import { parentTcXdpOrNetdevFilter } from './link/parent-tc-xdp-or-netdev-filter.js';
import { parentlessNetworkDummy } from './link/parentless-network-dummy.js';
import { peerLocalFirewall } from './service/peer-local-firewall.js';
import { policyRuleBeforeMain } from './host-route/policy-rule-before-main.js';
import { publishedPortsIgnored } from './service/published-ports-ignored.js';
import { replyFromAnotherMachine } from './gateway/reply-from-another-machine.js';
import { routeKnownToPeersOnly } from './container/route-known-to-peers-only.js';
import { securityGroupOrNacl } from './link/security-group-or-nacl.js';
import { serviceAnswersOwnSubnetOnly } from './service/service-answers-own-subnet-only.js';
import { serviceBoundToWrongAddress } from './service/service-bound-to-wrong-address.js';
import { shimMisconfigured } from './host-route/shim-misconfigured.js';
import { slaacNotForStaticNetwork } from './container/slaac-not-for-static-network.js';
import { staleNeighbourCache } from './address/stale-neighbour-cache.js';
import { statefulGatewayAsymmetricPath } from './gateway/stateful-gateway-asymmetric-path.js';
import { switchPortSecurity } from './link/switch-port-security.js';
import { targetUnresponsive } from './service/target-unresponsive.js';
import { unknownMacBehindContainer } from './link/unknown-mac-behind-container.js';
import { vlanTagMismatch } from './link/vlan-tag-mismatch.js';
import { vpnBypass } from './host-route/vpn-bypass.js';
import { wifiParent } from './link/wifi-parent.js';
import { wrongDefaultNetworkChosen } from './container/wrong-default-network-chosen.js';
import { wrongGatewayAddress } from './address/wrong-gateway-address.js';
import { wrongPrefixLength } from './address/wrong-prefix-length.js';

/** Every cause the tool knows. */
export const CAUSES: readonly Cause[] = [
  broadcastMulticastInL3,
  captivePortalOrProxyRequired,
  cloudRouteTableMissing,
  cloudSecondaryIpNotAssigned,
  cloudSourceDestCheck,
  configOnlyOrSwarmMisuse,
  containerLocalFirewallOrRoutes,
  containerRouterDropsForwarded,
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
  duplicateMacOnParent,
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
  multicastLeavesViaOtherNetwork,
  multicastSnoopingDropsSolicitations,
  networkNotRestoredAfterBoot,
  noGatewayConfigured,
  optionIgnoredByDriver,
  packetLoss,
  parentAlreadyUsedByIpvlanNetwork,
  parentDownOrNoCarrier,
  parentIsBondWithDeadLeg,
  parentNotEthernet,
  parentNotFound,
  parentRxHandlerBusy,
  parentTcXdpOrNetdevFilter,
  parentlessNetworkDummy,
  peerLocalFirewall,
  policyRuleBeforeMain,
  publishedPortsIgnored,
  replyFromAnotherMachine,
  routeKnownToPeersOnly,
  securityGroupOrNacl,
  serviceAnswersOwnSubnetOnly,
  serviceBoundToWrongAddress,
  shimMisconfigured,
  slaacNotForStaticNetwork,
  staleNeighbourCache,
  statefulGatewayAsymmetricPath,
  switchPortSecurity,
  targetUnresponsive,
  unknownMacBehindContainer,
  vlanTagMismatch,
  vpnBypass,
  wifiParent,
  wrongDefaultNetworkChosen,
  wrongGatewayAddress,
  wrongPrefixLength,
];
