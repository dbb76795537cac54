// Generated from the files beside it by `make generate`.
import type { Fault } from './fault.js';
import { captivePortalOrProxyRequired } from './captive-portal-or-proxy-required.js';
import { cloudRouteTableMissing } from './cloud-route-table-missing.js';
import { cloudSecondaryIpNotAssigned } from './cloud-secondary-ip-not-assigned.js';
import { cloudSourceDestCheck } from './cloud-source-dest-check.js';
import { containerLocalFirewallOrRoutes } from './container-local-firewall-or-routes.js';
import { containerRouterDropsForwarded } from './container-router-drops-forwarded.js';
import { containerUsesHostOrGatewayIp } from './container-uses-host-or-gateway-ip.js';
import { defaultRouteNotViaParent } from './default-route-not-via-parent.js';
import { duplicateIpOnLan } from './duplicate-ip-on-lan.js';
import { duplicateIpOnSameParent } from './duplicate-ip-on-same-parent.js';
import { gatewayAclDropsContainerSubnet } from './gateway-acl-drops-container-subnet.js';
import { gatewayMissingReturnRoute } from './gateway-missing-return-route.js';
import { gatewayNoNatForContainerSubnet } from './gateway-no-nat-for-container-subnet.js';
import { gatewayRejectsManyIpsPerMac } from './gateway-rejects-many-ips-per-mac.js';
import { gatewayReturnRouteWrongNextHop } from './gateway-return-route-wrong-next-hop.js';
import { gatewayStrictRpf } from './gateway-strict-rpf.js';
import { hostDefaultRouteLost } from './host-default-route-lost.js';
import { hostFirewalld } from './host-firewalld.js';
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
import { hostUfw } from './host-ufw.js';
import { hypervisorMacFilter } from './hypervisor-mac-filter.js';
import { internetUplinkDown } from './internet-uplink-down.js';
import { ipv6Config } from './ipv6-config.js';
import { ipv6L3HostDefaultMissingOrOtherNic } from './ipv6-l3-host-default-missing-or-other-nic.js';
import { ipvlanPortModeFlip } from './ipvlan-port-mode-flip.js';
import { l3HostPathNeedsHairpin } from './l3-host-path-needs-hairpin.js';
import { l3sHostInputFirewallDrop } from './l3s-host-input-firewall-drop.js';
import { mtuMismatch } from './mtu-mismatch.js';
import { multicastSnoopingDropsSolicitations } from './multicast-snooping-drops-solicitations.js';
import { noGatewayConfigured } from './no-gateway-configured.js';
import { packetLoss } from './packet-loss.js';
import { parentDownOrNoCarrier } from './parent-down-or-no-carrier.js';
import { parentIsBondWithDeadLeg } from './parent-is-bond-with-dead-leg.js';
import { parentTcXdpOrNetdevFilter } from './parent-tc-xdp-or-netdev-filter.js';
import { peerLocalFirewall } from './peer-local-firewall.js';
import { policyRuleBeforeMain } from './policy-rule-before-main.js';
import { replyFromAnotherMachine } from './reply-from-another-machine.js';
import { securityGroupOrNacl } from './security-group-or-nacl.js';
import { serviceAnswersOwnSubnetOnly } from './service-answers-own-subnet-only.js';
import { serviceBoundToWrongAddress } from './service-bound-to-wrong-address.js';
import { shimMisconfigured } from './shim-misconfigured.js';
import { staleNeighbourCache } from './stale-neighbour-cache.js';
import { statefulGatewayAsymmetricPath } from './stateful-gateway-asymmetric-path.js';
import { switchPortSecurity } from './switch-port-security.js';
import { targetUnresponsive } from './target-unresponsive.js';
import { unknownMacBehindContainer } from './unknown-mac-behind-container.js';
import { vlanTagMismatch } from './vlan-tag-mismatch.js';
import { vpnBypass } from './vpn-bypass.js';
import { wifiParent } from './wifi-parent.js';

/** The catalogue of faults, by id. */
export const FAULTS: ReadonlyMap<string, Fault> = new Map(
  [
    captivePortalOrProxyRequired,
    cloudRouteTableMissing,
    cloudSecondaryIpNotAssigned,
    cloudSourceDestCheck,
    containerLocalFirewallOrRoutes,
    containerRouterDropsForwarded,
    containerUsesHostOrGatewayIp,
    defaultRouteNotViaParent,
    duplicateIpOnLan,
    duplicateIpOnSameParent,
    gatewayAclDropsContainerSubnet,
    gatewayMissingReturnRoute,
    gatewayNoNatForContainerSubnet,
    gatewayRejectsManyIpsPerMac,
    gatewayReturnRouteWrongNextHop,
    gatewayStrictRpf,
    hostDefaultRouteLost,
    hostFirewalld,
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
    hostUfw,
    hypervisorMacFilter,
    internetUplinkDown,
    ipv6Config,
    ipv6L3HostDefaultMissingOrOtherNic,
    ipvlanPortModeFlip,
    l3HostPathNeedsHairpin,
    l3sHostInputFirewallDrop,
    mtuMismatch,
    multicastSnoopingDropsSolicitations,
    noGatewayConfigured,
    packetLoss,
    parentDownOrNoCarrier,
    parentIsBondWithDeadLeg,
    parentTcXdpOrNetdevFilter,
    peerLocalFirewall,
    policyRuleBeforeMain,
    replyFromAnotherMachine,
    securityGroupOrNacl,
    serviceAnswersOwnSubnetOnly,
    serviceBoundToWrongAddress,
    shimMisconfigured,
    staleNeighbourCache,
    statefulGatewayAsymmetricPath,
    switchPortSecurity,
    targetUnresponsive,
    unknownMacBehindContainer,
    vlanTagMismatch,
    vpnBypass,
    wifiParent,
  ].map((fault) => [fault.id, fault]),
);
