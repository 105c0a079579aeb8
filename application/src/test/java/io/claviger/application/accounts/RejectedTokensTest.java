package io.claviger.application.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.Wiring;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.builders.AToken;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RejectedTokensTest {
  private static final TokenText UNKNOWN = TokenText.of(new byte[64]);

  private final Wiring w = new Wiring();
  private final Away away = new Away();

  @Test
  void a_rejected_token_is_on_record_with_its_address() {
    present(UNKNOWN, "192.0.2.9");

    assertThat(w.recorded()).containsExactly("token.rejected refused  []");
    assertThat(w.events().get(0).address()).isEqualTo("192.0.2.9");
  }

  @Test
  void nobody_is_said_to_have_presented_it() {
    present(UNKNOWN, "192.0.2.9");

    assertThat(w.events().get(0).actor()).isEmpty();
  }

  @Test
  void a_malformed_token_is_on_record_without_its_text() {
    present(TokenText.presented(Wiring.CANARY), "192.0.2.9");
    assertThat(w.events()).isEmpty();
    flush();

    assertThat(w.events()).hasSize(1);
    assertThat(w.events().toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void the_first_of_a_minute_is_recorded_at_once() {
    present(UNKNOWN, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofSeconds(59));
    present(TokenText.presented("clv_nonsense"), "192.0.2.9");

    assertThat(counts()).containsExactly(1);
  }

  @Test
  void the_others_are_summed_up_when_the_minute_is_over() {
    presentMany(57, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofSeconds(59));
    flush();
    assertThat(counts()).containsExactly(1);

    w.claviger.clock().advance(Duration.ofSeconds(1));
    flush();
    flush();

    assertThat(counts()).containsExactly(1, 56);
    assertThat(w.events().get(1).address()).isEqualTo("192.0.2.9");
    assertThat(w.events().get(1).at()).isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void a_minute_with_one_attempt_has_no_sum() {
    present(UNKNOWN, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofMinutes(1));
    flush();

    assertThat(counts()).containsExactly(1);
  }

  @Test
  void the_sum_comes_before_the_first_of_the_next_minute() {
    presentMany(3, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofMinutes(1));
    present(UNKNOWN, "192.0.2.9");

    assertThat(counts()).containsExactly(1, 2, 1);
  }

  @Test
  void at_an_orderly_end_nothing_is_lost() {
    presentMany(3, "192.0.2.9");
    presentMany(2, "192.0.2.10");
    w.rejected.settle(w.claviger.clock().instant());

    assertThat(counts()).containsExactly(1, 1, 2, 1);
  }

  @Test
  void a_clock_that_is_set_back_ends_the_minute() {
    presentMany(3, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofHours(-1));

    assertThat(rejected("192.0.2.9").retryAfter()).isEmpty();
    assertThat(counts()).containsExactly(1, 2, 1);
  }

  @Test
  void counts_are_recorded_soon_after_the_clock_was_ahead() {
    User alice = w.user("alice");
    AccessToken token = AToken.of(alice).build();
    TokenText unusedText = w.stored(token);
    w.claviger.clock().advance(Duration.ofDays(1));
    presentMany(3, "192.0.2.9");
    w.rejected.countStray(token, alice.handle(), "192.0.2.10", "r", now());
    w.rejected.flush(now());
    w.rejected.countStray(token, alice.handle(), "192.0.2.10", "r", now());
    assertThat(w.events()).hasSize(2);

    w.claviger.clock().advance(Duration.ofDays(-1));
    w.rejected.flush(now());

    assertThat(w.events())
        .extracting(AuditEvent::address, AuditEvent::count)
        .containsExactlyInAnyOrder(
            tuple("192.0.2.9", 1),
            tuple("192.0.2.10", 1),
            tuple("192.0.2.9", 2),
            tuple("192.0.2.10", 1));
  }

  @Test
  void the_addresses_of_a_network_of_64_bits_are_summed_up_as_one() {
    present(UNKNOWN, "2001:db8:0:1::1");
    present(UNKNOWN, "2001:db8:0:1::2");
    present(UNKNOWN, "2001:db8:0:1::3");
    present(UNKNOWN, "2001:db8:0:2::1");
    w.rejected.settle(w.claviger.clock().instant());

    assertThat(w.events())
        .extracting(AuditEvent::address, AuditEvent::count)
        .containsExactly(
            tuple("2001:db8:0:1::1", 1),
            tuple("2001:db8:0:2::1", 1),
            tuple("2001:db8:0:1::/64", 2));
  }

  @Test
  void the_address_that_gives_way_to_another_is_written_down() {
    presentMany(5, "192.0.2.9");
    for (int n = 0; n < RejectedTokens.ADDRESSES; n++) {
      Optional<Duration> unused =
          w.rejected.countAndRecord("10.0.%d.%d".formatted(n / 256, n % 256), "r", now());
    }

    assertThat(w.events())
        .filteredOn(e -> e.address().equals("192.0.2.9"))
        .extracting(AuditEvent::count)
        .containsExactly(1, 4);
    w.rejected.settle(now());
    assertThat(counts().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(5 + RejectedTokens.ADDRESSES);
  }

  @Test
  void the_networks_of_one_site_can_not_fill_the_audit_trail() {
    for (int minute = 0; minute < 3; minute++) {
      presentFromEachNetworkOfASite(RejectedTokens.ADDRESSES + 500);
      present(UNKNOWN, "192.0.2.9");
      present(UNKNOWN, "2001:db9::1");
      w.claviger.clock().advance(Duration.ofMinutes(1));
      flush();
    }

    assertThat(w.events())
        .filteredOn(e -> List.of("192.0.2.9", "2001:db9::1").contains(e.address()))
        .hasSize(6);
    assertThat(w.events())
        .filteredOn(e -> e.address().equals("2001:db8:0:0::/48"))
        .extracting(AuditEvent::count)
        .containsExactly(10_400, 10_400, 10_400);
    assertThat(w.events()).hasSize(3 * (RejectedTokens.NAMED_OF_A_NETWORK + 3));
  }

  @Test
  void further_attempts_from_a_network_that_is_not_named_are_not_recorded_by_name_either() {
    presentFromEachNetworkOfASite(RejectedTokens.NAMED_OF_A_NETWORK + 1);
    presentFromEachNetworkOfASite(RejectedTokens.NAMED_OF_A_NETWORK + 1);
    w.rejected.settle(now());

    assertThat(w.events()).hasSize(2 * RejectedTokens.NAMED_OF_A_NETWORK + 1);
    assertThat(w.events())
        .filteredOn(e -> e.address().equals("2001:db8:0:0::/48"))
        .extracting(AuditEvent::count)
        .containsExactly(2);
  }

  @Test
  void of_many_addresses_at_once_only_some_are_recorded_by_name() {
    for (int n = 0; n < 2 * RejectedTokens.ADDRESSES; n++) {
      Optional<Duration> unused =
          w.rejected.count("10.0.%d.%d".formatted(n / 256, n % 256), "r", now());
    }
    w.rejected.settle(now());

    assertThat(w.events()).hasSize(RejectedTokens.NAMED + 1);
    assertThat(w.events())
        .filteredOn(e -> e.address().equals("other addresses"))
        .extracting(AuditEvent::count)
        .containsExactly(2 * RejectedTokens.ADDRESSES - RejectedTokens.NAMED);
  }

  private void presentFromEachNetworkOfASite(int networks) {
    for (int n = 0; n < networks; n++) {
      Optional<Duration> unused =
          w.rejected.countAndRecord("2001:db8:0:%x::1".formatted(n), "r", now());
    }
  }

  @Test
  void while_the_database_is_away_they_are_counted_on() {
    RejectedTokens rejected = new RejectedTokens(away, w.claviger.ids(), w.claviger.accessTokens());
    away.isAway = true;
    for (int n = 0; n < RejectedTokens.ADDRESSES + 500; n++) {
      Optional<Duration> unused =
          rejected.countAndRecord("10.0.%d.%d".formatted(n / 256, n % 256), "r", now());
    }
    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(() -> rejected.settle(now()));
    away.isAway = false;
    rejected.settle(now());

    assertThat(counts().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(RejectedTokens.ADDRESSES + 500);
    assertThat(w.events()).hasSizeLessThanOrEqualTo(RejectedTokens.ADDRESSES + 1);
  }

  @Test
  void an_address_that_cannot_be_recorded_keeps_no_other_from_being_recorded() {
    RejectedTokens rejected = new RejectedTokens(away, w.claviger.ids(), w.claviger.accessTokens());
    for (String address : List.of("192.0.2.9", "192.0.2.10")) {
      Optional<Duration> unused = rejected.count(address, "r", now());
    }
    assertOneIsRecordedWithoutTheOther(rejected);
  }

  /** Of the attempts from 192.0.2.9 and 192.0.2.10, the former can't be stored for a while. */
  private void assertOneIsRecordedWithoutTheOther(RejectedTokens rejected) {
    away.unstorable = "192.0.2.9";

    assertThatIllegalStateException().isThrownBy(() -> rejected.flush(now()));
    assertThat(w.events()).extracting(AuditEvent::address).containsExactly("192.0.2.10");

    away.unstorable = "";
    rejected.flush(now());
    assertThat(w.events())
        .extracting(AuditEvent::address)
        .containsExactly("192.0.2.10", "192.0.2.9");
  }

  @Test
  void a_bound_token_that_cannot_be_recorded_keeps_no_other_from_being_recorded() {
    RejectedTokens rejected = new RejectedTokens(away, w.claviger.ids(), w.claviger.accessTokens());
    User alice = w.user("alice");
    for (String address : List.of("192.0.2.9", "192.0.2.10")) {
      AccessToken token = AToken.of(alice).build();
      TokenText unused = w.stored(token);
      rejected.countStray(token, alice.handle(), address, "r", now());
    }
    assertOneIsRecordedWithoutTheOther(rejected);
  }

  @Test
  void attempts_that_can_not_be_shown_to_the_owner_at_once_are_recorded_only_once() {
    AtomicBoolean fails = new AtomicBoolean(true);
    AccessTokenStore store =
        (AccessTokenStore)
            Proxy.newProxyInstance(
                AccessTokenStore.class.getClassLoader(),
                new Class<?>[] {AccessTokenStore.class},
                (proxy, method, arguments) -> {
                  if (fails.getAndSet(false)) {
                    throw new QueryTimeout(new SQLException("too slow"));
                  }
                  return method.invoke(w.claviger.accessTokens(), arguments);
                });
    RejectedTokens rejected = new RejectedTokens(away, w.claviger.ids(), store);
    User alice = w.user("alice");
    AccessToken token = AToken.of(alice).build();
    TokenText unusedText = w.stored(token);
    rejected.countStray(token, alice.handle(), "192.0.2.9", "r", now());

    assertThatExceptionOfType(QueryTimeout.class).isThrownBy(() -> rejected.flush(now()));
    rejected.flush(now());
    rejected.flush(now());

    assertThat(counts()).containsExactly(1);
  }

  /** Counts of rejected tokens and of bound tokens are recorded by the same task. */
  @Test
  void an_address_that_cannot_be_recorded_keeps_no_bound_token_from_being_recorded() {
    RejectedTokens rejected = new RejectedTokens(away, w.claviger.ids(), w.claviger.accessTokens());
    User alice = w.user("alice");
    AccessToken token = AToken.of(alice).build();
    TokenText unusedText = w.stored(token);
    rejected.countStray(token, alice.handle(), "192.0.2.10", "r", now());
    Optional<Duration> unused = rejected.count("192.0.2.9", "r", now());
    away.unstorable = "192.0.2.9";

    assertThatIllegalStateException().isThrownBy(() -> rejected.flush(now()));
    assertThat(w.events()).extracting(AuditEvent::address).containsExactly("192.0.2.10");
  }

  @Test
  void after_too_many_of_a_minute_one_is_told_to_wait_for_its_end() {
    presentMany(RejectedTokens.AT_ONCE - 1, "192.0.2.9");
    w.claviger.clock().advance(Duration.ofSeconds(18));

    assertThat(rejected("192.0.2.9").retryAfter()).isEmpty();
    assertThat(w.rejected.hasToWait("192.0.2.9", now())).isFalse();
    assertThat(rejected("192.0.2.9").retryAfter()).contains(Duration.ofSeconds(42));
    assertThat(w.rejected.hasToWait("192.0.2.9", now())).isTrue();
    assertThat(rejected("192.0.2.10").retryAfter()).isEmpty();
    w.claviger.clock().advance(Duration.ofSeconds(42));
    assertThat(w.rejected.hasToWait("192.0.2.9", now())).isFalse();
    assertThat(rejected("192.0.2.9").retryAfter()).isEmpty();
  }

  @Test
  void the_addresses_of_a_network_are_told_to_wait_as_one() {
    for (int n = 1; n <= RejectedTokens.AT_ONCE; n++) {
      present(UNKNOWN, "2001:db8:0:1::" + n);
    }

    assertThat(rejected("2001:db8:0:1::ffff").retryAfter()).isPresent();
    assertThat(rejected("2001:db8:0:2::1").retryAfter()).isEmpty();
  }

  @Test
  void a_good_token_passes_whatever_else_comes_from_its_address() {
    TokenText good = w.stored(AToken.of(w.user("alice")).build());
    presentMany(3 * RejectedTokens.AT_ONCE, "192.0.2.9");

    assertThat(w.accessTokens.authenticate(good, "192.0.2.9", "r"))
        .isInstanceOf(AccessTokens.Authentication.Authenticated.class);
  }

  @Test
  void good_tokens_do_not_count() {
    TokenText good = w.stored(AToken.of(w.user("alice")).build());
    for (int n = 0; n < 3 * RejectedTokens.AT_ONCE; n++) {
      present(good, "192.0.2.9");
    }

    assertThat(rejected("192.0.2.9").retryAfter()).isEmpty();
  }

  @Test
  void each_address_is_recorded() {
    present(UNKNOWN, "192.0.2.9");
    present(UNKNOWN, "192.0.2.10");

    assertThat(w.events()).hasSize(2);
  }

  @Test
  void a_good_token_is_not_on_record() {
    present(w.stored(AToken.of(w.user("alice")).build()), "192.0.2.9");

    assertThat(w.events()).isEmpty();
  }

  /** An audit trail that can be made unavailable. */
  private final class Away implements AuditTrail {
    private boolean isAway;
    private String unstorable = "";

    @Override
    public void record(AuditEvent event) {
      if (event.address().equals(unstorable)) {
        throw new IllegalStateException("unstorable");
      }
      if (isAway) {
        throw new StoreUnavailable(new IllegalStateException("away"));
      }
      w.claviger.auditTrail().record(event);
    }
  }

  private List<Integer> counts() {
    return w.events().stream().map(AuditEvent::count).toList();
  }

  private Instant now() {
    return w.claviger.clock().instant();
  }

  private void flush() {
    w.rejected.flush(now());
  }

  private AccessTokens.Authentication.Rejected rejected(String address) {
    return (AccessTokens.Authentication.Rejected)
        w.accessTokens.authenticate(UNKNOWN, address, "r");
  }

  private void presentMany(int times, String address) {
    for (int n = 0; n < times; n++) {
      present(UNKNOWN, address);
    }
  }

  private void present(TokenText text, String address) {
    AccessTokens.Authentication unused = w.accessTokens.authenticate(text, address, "r");
  }
}
