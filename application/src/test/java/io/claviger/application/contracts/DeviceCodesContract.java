package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.DeviceCodeStore.Open;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.oauth.UserCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link DeviceCodeStore} promises. */
public abstract class DeviceCodesContract extends PortContract {
  private static final String ADDRESS = "192.0.2.9";

  @Test
  void a_device_sign_in_is_found_by_both_its_codes_as_stored() {
    DeviceAuthorization device = begun("BBBBBBBB", 1, ADDRESS, NOW);
    DeviceAuthorization other = begun("DDDDDDDD", 3, ADDRESS, NOW);

    assertThat(codes().find(hash(1))).contains(device);
    assertThat(codes().find(device.userCode())).contains(device);
    assertThat(locked(hash(3))).contains(other);
    assertThat(locked(hash(1))).contains(device);
    assertThat(ports.transactions().inTransaction(() -> codes().lock(device.userCode())))
        .contains(device);
    assertThat(codes().find(hash(2))).isEmpty();
    assertThat(codes().find(new UserCode("CCCCCCCC"))).isEmpty();
    assertThat(locked(hash(2))).isEmpty();
  }

  @Test
  void no_two_have_the_same_code() {
    DeviceAuthorization device = begun("BBBBBBBB", 1, ADDRESS, NOW);

    assertLost(TAKEN, () -> begun("BBBBBBBB", 2, ADDRESS, NOW));
    assertLost(TAKEN, () -> begun("CCCCCCCC", 1, ADDRESS, NOW));
    codes().delete(device.id());
    assertThat(codes().find(hash(1))).isEmpty();
    assertThat(begun("BBBBBBBB", 1, ADDRESS, NOW)).isNotEqualTo(device);
  }

  @Test
  void those_that_last_are_counted_by_block_of_addresses() {
    Instant now = codes().now();
    begun("BBBBBBBB", 1, "2001:db8::1", now);
    begun("CCCCCCCC", 2, "2001:db8::2", now);
    begun("DDDDDDDD", 3, ADDRESS, now);
    begun("FFFFFFFF", 4, "2001:db8::3", now.minus(DeviceAuthorization.LIFETIME));

    assertThat(open("2001:db8::4")).isEqualTo(new Open(2, 2, 2, 3));
    assertThat(open("2001:db8:0:1::1")).isEqualTo(new Open(0, 2, 2, 3));
    assertThat(open("2001:db8:0:100::1")).isEqualTo(new Open(0, 0, 2, 3));
    assertThat(open(ADDRESS)).isEqualTo(new Open(1, 1, 1, 3));
    assertThat(open("198.51.100.1")).isEqualTo(new Open(0, 0, 0, 3));
  }

  @Test
  void the_oldest_that_wait_in_the_most_crowded_network_make_room() {
    Instant now = codes().now();
    begun("BBBBBBBB", 1, ADDRESS, now.minusSeconds(9));
    begun("CCCCCCCC", 2, ADDRESS, now.minusSeconds(8));
    begun("DDDDDDDD", 3, "2001:db8:0:100::1", now.minusSeconds(7));
    begun("FFFFFFFF", 4, "2001:db8:0:1::1", now.minusSeconds(6));
    DeviceAuthorization answered = begun("GGGGGGGG", 5, "2001:db8:0:1::2", now.minusSeconds(7));
    begun("JJJJJJJJ", 7, "2001:db8:0:1::4", now.minus(DeviceAuthorization.LIFETIME));
    begun("HHHHHHHH", 6, "2001:db8:0:1::3", now.minusSeconds(4));
    codes().recordAnswer(answered.id(), approved(user("alice"), Optional.empty()));

    assertThat(codes().deleteOldestOfMostCrowded(1)).isEqualTo(1);

    assertThat(codes().find(hash(4))).isEmpty();
    assertThat(Stream.of(1, 2, 3, 5, 6, 7).map(n -> codes().find(hash(n))))
        .allMatch(Optional::isPresent);
  }

  @Test
  void polls_and_the_answer_are_recorded() {
    DeviceAuthorization device = begun("BBBBBBBB", 1, ADDRESS, NOW);
    DeviceAuthorization other = begun("CCCCCCCC", 2, ADDRESS, NOW);
    User alice = user("alice");

    codes().recordPoll(device.id(), NOW.plusSeconds(1), Duration.ofSeconds(10));
    assertThat(codes().find(hash(1)).orElseThrow().polledAt()).contains(NOW.plusSeconds(1));
    assertThat(codes().find(hash(1)).orElseThrow().interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(codes().find(hash(1)).orElseThrow().answer()).isEmpty();

    UserDecision denied = new UserDecision.Denied(alice.id(), alice.handle());
    codes().recordAnswer(device.id(), denied);
    assertThat(codes().find(hash(1)).orElseThrow().answer()).contains(denied);
    assertThat(codes().find(hash(1)).orElseThrow().polledAt()).contains(NOW.plusSeconds(1));
    assertThat(codes().find(hash(2))).contains(other);
    codes().delete(device.id());
    assertThat(codes().find(hash(1))).isEmpty();
    assertThat(codes().find(hash(2))).contains(other);
  }

  @Test
  void an_answered_one_ends_with_its_user() {
    User alice = user("alice");
    DeviceAuthorization answered = begun("BBBBBBBB", 1, ADDRESS, NOW);
    begun("CCCCCCCC", 2, ADDRESS, NOW);
    codes().recordAnswer(answered.id(), approved(alice, none()));

    ports.users().delete(alice.id());

    assertThat(codes().find(hash(1))).isEmpty();
    assertThat(codes().find(hash(2))).isPresent();
  }

  @Test
  void one_that_was_approved_with_a_token_ends_with_it() {
    User alice = user("alice");
    AccessToken token = AToken.of(alice).build();
    ports.accessTokens().save(token, hash(9));
    DeviceAuthorization device = begun("BBBBBBBB", 1, ADDRESS, NOW);
    codes().recordAnswer(device.id(), approved(alice, Optional.of(token)));
    assertThat(codes().find(hash(1)).orElseThrow().answer())
        .contains(approved(alice, Optional.of(token)));

    assertThat(ports.accessTokens().delete(alice.id(), token.id())).isTrue();

    assertThat(codes().find(hash(1))).isEmpty();
  }

  @Test
  void a_suspension_ends_what_the_user_answered() {
    User alice = user("alice");
    DeviceAuthorization device = begun("BBBBBBBB", 1, ADDRESS, NOW);
    codes().recordAnswer(device.id(), approved(alice, none()));

    ports.users().update(alice.withSuspension(Optional.of(NOW), NOW));

    assertThat(codes().find(hash(1))).isEmpty();
  }

  @Test
  void what_expired_long_ago_is_deleted() {
    Instant over = codes().now().minus(DeviceAuthorization.LIFETIME);
    begun("BBBBBBBB", 1, ADDRESS, over.minusSeconds(601));
    begun("CCCCCCCC", 2, ADDRESS, over.minusSeconds(500));

    assertThat(codes().deleteExpired(Duration.ofSeconds(700))).isZero();
    assertThat(codes().deleteExpired(Duration.ofSeconds(600))).isEqualTo(1);
    assertThat(codes().find(hash(1))).isEmpty();
    assertThat(codes().find(hash(2))).isPresent();
  }

  private DeviceCodeStore codes() {
    return ports.deviceCodes();
  }

  private Optional<DeviceAuthorization> locked(TokenHash deviceCode) {
    return ports.transactions().inTransaction(() -> codes().lock(deviceCode));
  }

  private Open open(String address) {
    return ports.transactions().inTransaction(() -> codes().lockAndCount(address));
  }

  private static UserDecision approved(User user, Optional<AccessToken> with) {
    return new UserDecision.Approved(user.id(), user.handle(), with.map(AccessToken::id));
  }

  private DeviceAuthorization begun(String userCode, int code, String address, Instant at) {
    DeviceAuthorization device =
        new DeviceAuthorization(
            UUID.randomUUID(),
            new UserCode(userCode),
            TokenScope.USE,
            address,
            at,
            at.plus(DeviceAuthorization.LIFETIME),
            DeviceAuthorization.INTERVAL,
            none(),
            none());
    codes().insert(device, hash(code));
    return device;
  }
}
