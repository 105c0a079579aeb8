package io.claviger.domain.accounts;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** A set of IP addresses, described by nets. */
public record AddressNets(List<AddressNet> nets) {
  public static final AddressNets NONE = new AddressNets(List.of());

  public AddressNets {
    nets = List.copyOf(nets);
  }

  public static AddressNets of(InetAddress... addresses) {
    return new AddressNets(Arrays.stream(addresses).map(AddressNet::of).toList());
  }

  public boolean isEmpty() {
    return nets.isEmpty();
  }

  public boolean contains(InetAddress address) {
    for (AddressNet net : nets) {
      if (net.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
