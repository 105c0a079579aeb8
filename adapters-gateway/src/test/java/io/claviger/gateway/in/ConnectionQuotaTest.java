package io.claviger.gateway.in;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.AddressNets;
import io.claviger.gateway.in.ConnectionQuota.ConnectionPermit;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionQuotaTest {
  private static final int ORDINARY = ConnectionQuota.ORDINARY_HEAD;
  private static final int SHARED = 100_000;
  private static final int OF_ADDRESS = SHARED / 4;

  private final ConnectionQuota places = places(ConnectionLimits.standard().withMost(10, 2));

  private static ConnectionQuota places(ConnectionLimits limits) {
    return new ConnectionQuota(limits, SHARED);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void an_address_gets_so_many_places_and_one_back_for_each_that_is_left() {
    ConnectionPermit first = places.take(address("192.0.2.1")).orElseThrow();
    assertThat(places.take(address("192.0.2.1"))).isPresent();
    assertThat(places.take(address("192.0.2.1"))).isEmpty();
    assertThat(places.take(address("192.0.2.2"))).isPresent();

    first.leave();
    first.leave();
    assertThat(places.connections()).isEqualTo(2);
    assertThat(places.take(address("192.0.2.1"))).isPresent();
    assertThat(places.take(address("192.0.2.1"))).isEmpty();
  }

  @Test
  void who_has_to_stay_counted_does_so_though_another_has_taken_the_place() {
    ConnectionPermit gone = places.take(address("192.0.2.1")).orElseThrow();
    ConnectionPermit second = places.take(address("192.0.2.1")).orElseThrow();
    gone.leave();
    assertThat(places.take(address("192.0.2.1"))).isPresent();

    assertThat(gone.another(false)).isEmpty();
    assertThat(gone.another(true)).isPresent();
    second.leave();
    assertThat(places.take(address("192.0.2.1"))).isEmpty();
  }

  @Test
  void nobody_stays_counted_when_all_places_are_taken() {
    ConnectionPermit gone = places.take(address("192.0.2.1")).orElseThrow();
    gone.leave();
    for (int i = 0; i <= 10; i++) {
      assertThat(places.take(address("192.0.3." + i))).isPresent();
    }

    assertThat(gone.another(true)).isEmpty();
  }

  @Test
  void an_ipv6_network_of_64_bits_counts_as_one_address() {
    assertThat(places.take(address("2001:db8::1"))).isPresent();
    assertThat(places.take(address("2001:db8::2"))).isPresent();
    assertThat(places.take(address("2001:db8::3"))).isEmpty();
    assertThat(places.take(address("2001:db8:0:1::1"))).isPresent();
    assertThat(places.take(address("2001:db8:0:1::2"))).isEmpty();
  }

  @Test
  void ipv6_networks_of_56_and_48_bits_are_counted_as_well() {
    assertThat(places.take(address("2001:db8::1"))).isPresent();
    assertThat(places.take(address("2001:db8:0:1::1"))).isPresent();
    ConnectionPermit third = places.take(address("2001:db8:0:2::1")).orElseThrow();
    assertThat(places.take(address("2001:db8:0:3::1"))).isEmpty();
    assertThat(places.take(address("2001:db8:0:100::1"))).isPresent();
    assertThat(places.take(address("2001:db8:0:200::1"))).isEmpty();
    assertThat(places.take(address("2001:db8:1::1"))).isPresent();

    third.leave();
    assertThat(places.take(address("2001:db8:0:200::1"))).isPresent();
  }

  @Test
  void a_proxy_gets_places_without_a_bound_of_its_own() {
    ConnectionQuota behindProxy =
        places(
            ConnectionLimits.standard()
                .withMost(2, 1)
                .withProxies(AddressNets.of(address("192.0.2.9"))));

    for (int i = 0; i < 3; i++) {
      assertThat(behindProxy.isOverfull()).isFalse();
      assertThat(behindProxy.take(address("192.0.2.9"))).isPresent();
    }
    assertThat(behindProxy.isOverfull()).isTrue();
  }

  @Test
  void large_heads_share_their_room_and_ordinary_ones_need_none() {
    List<ConnectionPermit> taken = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      taken.add(places.take(address("192.0.2." + i)).orElseThrow());
    }

    for (ConnectionPermit permit : taken.subList(0, 4)) {
      assertThat(permit.hold(ORDINARY + OF_ADDRESS + 1)).isFalse();
      assertThat(permit.hold(ORDINARY + OF_ADDRESS)).isTrue();
    }
    assertThat(taken.get(4).hold(ORDINARY + 1)).isFalse();
    assertThat(taken.get(4).hold(ORDINARY)).isTrue();
    taken.get(0).leave();
    assertThat(taken.get(4).hold(ORDINARY + OF_ADDRESS)).isTrue();
  }

  @Test
  void a_head_gives_back_what_it_held() {
    ConnectionPermit permit = places.take(address("192.0.2.1")).orElseThrow();
    Optional<ConnectionPermit> second = places.take(address("192.0.2.1"));

    assertThat(permit.hold(ORDINARY + OF_ADDRESS)).isTrue();
    assertThat(second.orElseThrow().hold(ORDINARY + 1)).isFalse();
    assertThat(permit.hold(0)).isTrue();
    assertThat(second.orElseThrow().hold(ORDINARY + OF_ADDRESS)).isTrue();
  }

  @Test
  void what_a_closed_connection_still_reads_counts_no_more() {
    ConnectionPermit gone = places.take(address("192.0.2.1")).orElseThrow();
    gone.leave();

    assertThat(gone.hold(ORDINARY + OF_ADDRESS)).isTrue();
    assertThat(places.take(address("192.0.2.1")).orElseThrow().hold(ORDINARY + OF_ADDRESS))
        .isTrue();
  }
}
