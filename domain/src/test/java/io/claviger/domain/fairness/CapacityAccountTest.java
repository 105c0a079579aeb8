package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CapacityAccountTest {
  private static final long NOW = 1_900_000_000_000L;
  private static final UUID ANA = new UUID(2, 1);
  private static final UUID BEN = new UUID(2, 2);
  private static final UUID NODE = new UUID(1, 1);
  private static final UUID OTHER = new UUID(1, 2);
  private static final PaceUse LOTS = new PaceUse(1_000, 1_000, 1_000);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static ProviderLimits requests(long perMinute) {
    return FairnessSimulation.perMinute(PaceLimit.REQUESTS_PER_MINUTE, perMinute);
  }

  private static CapacityStatement wants(UUID node, UUID borrower, PaceUse kept, PaceUse wanted) {
    return says(node, borrower, PaceUse.NONE, kept, wanted, List.of(), List.of());
  }

  private static CapacityStatement says(
      UUID node,
      UUID borrower,
      PaceUse used,
      PaceUse kept,
      PaceUse wanted,
      List<LimitStatement> learned,
      List<PaceRefusal> refusals) {
    return new CapacityStatement(
        node,
        Map.of(
            borrower,
            new CapacityStatement.Claim(
                10, used, PaceUse.NONE, kept, PaceUse.NONE, wanted, 0, 0, 0, PaceUse.NONE)),
        0,
        learned,
        refusals);
  }

  private static long calls(CapacityGrant grant) {
    return grant.parts().values().stream().mapToLong(PaceUse::calls).sum();
  }

  private static CapacityAccount stored(CapacityAccount account, ProviderLimits limits, long now) {
    return CapacityAccount.read(account.write(), limits, now);
  }

  private static LimitStatement left(long left) {
    return new LimitStatement(
        PaceLimit.REQUESTS_PER_MINUTE,
        MINUTE,
        OptionalLong.of(600),
        OptionalLong.of(left),
        Optional.empty());
  }

  @Test
  void what_is_stored_goes_on_where_it_was() {
    ProviderLimits limits = new ProviderLimits(requests(600).perMinute(), OptionalInt.of(7));
    CapacityAccount kept = new CapacityAccount(limits, NOW);
    CapacityAccount stored = new CapacityAccount(limits, NOW);
    SplittableRandom random = new SplittableRandom(3);
    for (int step = 1; step < 300; step++) {
      long now = NOW + step * 300L;
      CapacityStatement statement =
          new CapacityStatement(
              random.nextBoolean() ? NODE : OTHER,
              Map.of(
                  random.nextBoolean() ? ANA : BEN,
                  new CapacityStatement.Claim(
                      1 + random.nextInt(100),
                      new PaceUse(random.nextInt(3), random.nextInt(100), 0),
                      new PaceUse(0, random.nextInt(50), 0),
                      new PaceUse(random.nextInt(3), 0, random.nextInt(9)),
                      random.nextBoolean() ? PaceUse.NONE : PaceUse.ofCall(5, 5),
                      new PaceUse(random.nextInt(9), random.nextInt(900), 3),
                      random.nextInt(4),
                      random.nextInt(4),
                      random.nextInt(9_000),
                      PaceUse.NONE)),
              random.nextInt(9),
              random.nextInt(9) > 0 ? List.of() : List.of(left(random.nextInt(600))),
              random.nextInt(20) > 0
                  ? List.of()
                  : List.of(new PaceRefusal(Optional.empty(), Duration.ofMillis(500))));
      stored = stored(stored, limits, now);
      assertThat(stored.exchange(statement, now)).isEqualTo(kept.exchange(statement, now));
    }
  }

  /**
   * Both use ten tokens of output for each call; for a call of Ana's the provider takes ten times
   * as many.
   */
  @Test
  void who_has_much_taken_and_uses_little_has_turns_by_what_is_taken() {
    ProviderLimits limits =
        new ProviderLimits(
            new PaceLimits(Map.of(PaceLimit.OUTPUT_TOKENS_PER_MINUTE, 60_000L)),
            OptionalInt.empty());
    CapacityAccount account = new CapacityAccount(limits, NOW);
    PaceUse wanted = new PaceUse(1_000, 0, 10_000);
    Map<UUID, PaceUse> granted = new HashMap<>(Map.of(ANA, PaceUse.NONE, BEN, PaceUse.NONE));
    Map<UUID, Long> sums = new HashMap<>();
    for (int second = 0; second < 60; second++) {
      Map<UUID, CapacityStatement.Claim> claims = new HashMap<>();
      for (UUID each : List.of(ANA, BEN)) {
        PaceUse used = granted.get(each);
        PaceUse beyond = each.equals(ANA) ? new PaceUse(0, 0, 9 * used.output()) : PaceUse.NONE;
        claims.put(
            each,
            new CapacityStatement.Claim(
                10, used, PaceUse.NONE, PaceUse.NONE, PaceUse.NONE, wanted, 0, 1, 0, beyond));
      }
      CapacityGrant grant =
          account.exchange(
              new CapacityStatement(NODE, claims, 0, List.of(), List.of()), NOW + second * 1_000L);
      granted.replaceAll((each, unused) -> grant.parts().getOrDefault(each, PaceUse.NONE));
      granted.forEach((each, part) -> sums.merge(each, part.output(), Long::sum));
    }

    assertThat(sums.get(BEN)).isGreaterThan(5 * sums.get(ANA));
    assertThat(sums.get(ANA)).isPositive();
    assertThat(sums.get(ANA) + sums.get(BEN)).as("nothing is lost").isGreaterThan(59_000);
  }

  @Test
  void a_state_that_is_not_understood_begins_with_nothing() {
    ProviderLimits limits = new ProviderLimits(requests(600).perMinute(), OptionalInt.of(7));
    CapacityAccount account = new CapacityAccount(limits, NOW);
    account.exchange(wants(NODE, ANA, PaceUse.NONE, LOTS), NOW);
    byte[] written = account.write();
    for (int length = 0; length < written.length; length++) {
      CapacityAccount read = CapacityAccount.read(Arrays.copyOf(written, length), limits, NOW);
      CapacityGrant grant = read.exchange(wants(OTHER, ANA, PaceUse.NONE, LOTS), NOW);
      assertThat(calls(grant)).isZero();
      assertThat(grant.slots()).as("other nodes may have slots").isZero();
      assertThat(calls(read.exchange(wants(OTHER, ANA, PaceUse.NONE, LOTS), NOW + 1_000)))
          .isEqualTo(10);
    }
    assertThat(
            CapacityAccount.read(Arrays.copyOf(written, written.length + 1), limits, NOW).write())
        .isEqualTo(CapacityAccount.empty(limits, NOW).write());
    assertThat(CapacityAccount.read(new byte[CapacityAccount.MOST_BYTES + 1], limits, NOW).write())
        .isEqualTo(CapacityAccount.empty(limits, NOW).write());
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 3_000; i++) {
      byte[] changed = written.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      assertThat(CapacityAccount.read(changed, limits, NOW).write())
          .isEqualTo(CapacityAccount.empty(limits, NOW).write());
    }
  }

  /** 600 requests a minute are 60 requests in six seconds. Both borrowers have the same weight. */
  @Test
  void a_part_of_what_is_left_is_given_before_anybody_asks_for_it() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    assertThat(calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, calls(4)), NOW)))
        .as("a load that begins")
        .isEqualTo(4 + 56 / 8);
    account.exchange(wants(OTHER, BEN, PaceUse.NONE, calls(1)), NOW);
    assertThat(calls(account.exchange(wants(NODE, ANA, calls(11), PaceUse.NONE), NOW)))
        .as("who has enough")
        .isZero();
    long before =
        account
            .exchange(wants(NODE, ANA, PaceUse.NONE, PaceUse.NONE), NOW)
            .left()
            .get(PaceLimit.REQUESTS_PER_MINUTE);
    assertThat(calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, calls(8)), NOW)))
        .as("a part by weight, beside another")
        .isEqualTo(8 + (before - 8) / 8 / 2);
  }

  @Test
  void nobody_gets_more_than_they_asked_for_while_something_is_short() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    account.exchange(wants(OTHER, BEN, PaceUse.NONE, PaceUse.NONE), NOW);
    assertThat(calls(account.exchange(wants(OTHER, BEN, PaceUse.NONE, LOTS), NOW))).isEqualTo(60);
    long given = calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, calls(2)), NOW + 1_000));
    assertThat(given).isEqualTo(2);
  }

  private static PaceUse calls(long calls) {
    return new PaceUse(calls, 0, 0);
  }

  @Test
  void what_is_left_keeps_its_part_of_a_limit_that_changes() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    assertThat(calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, new PaceUse(30, 0, 0)), NOW)))
        .as("and an eighth of the other 30 of six seconds")
        .isEqualTo(33);
    CapacityStatement kept = wants(NODE, ANA, calls(33), PaceUse.NONE);
    assertThat(stored(account, requests(6_000), NOW).exchange(kept, NOW).left())
        .containsEntry(PaceLimit.REQUESTS_PER_MINUTE, 270L);
    assertThat(stored(account, requests(60), NOW).exchange(kept, NOW).left())
        .containsEntry(PaceLimit.REQUESTS_PER_MINUTE, 2L);
    CapacityAccount tokens =
        stored(
            account,
            new ProviderLimits(
                new PaceLimits(Map.of(PaceLimit.TOKENS_PER_MINUTE, 1_000L)), OptionalInt.empty()),
            NOW);
    assertThat(tokens.exchange(kept, NOW).left())
        .containsExactly(Map.entry(PaceLimit.TOKENS_PER_MINUTE, 100L));
  }

  /** If a provider states wrong limits, only its own service waits, and not for ever. */
  @Test
  void what_answers_say_can_only_lower_what_is_left() {
    long[][] statedAndLeft = {
      {Long.MAX_VALUE, 60},
      {600, 60},
      {61, 60},
      {20, 20},
      {1, 1},
      {0, 0},
      {-5, 0},
      {Long.MIN_VALUE, 0}
    };
    for (long[] each : statedAndLeft) {
      CapacityAccount account = new CapacityAccount(requests(600), NOW);
      CapacityGrant grant =
          account.exchange(
              says(NODE, ANA, PaceUse.NONE, PaceUse.NONE, LOTS, List.of(left(each[0])), List.of()),
              NOW);
      assertThat(calls(grant)).as("left %d", each[0]).isEqualTo(each[1]);
      CapacityStatement later =
          wants(NODE, ANA, grant.parts().getOrDefault(ANA, PaceUse.NONE), LOTS);
      assertThat(calls(account.exchange(later, NOW + 2_000))).as("grows evenly").isEqualTo(20);
    }
    CapacityAccount held = new CapacityAccount(requests(600), NOW);
    held.exchange(wants(OTHER, BEN, new PaceUse(15, 0, 0), PaceUse.NONE), NOW);
    assertThat(
            calls(
                held.exchange(
                    says(NODE, ANA, PaceUse.NONE, PaceUse.NONE, LOTS, List.of(left(20)), List.of()),
                    NOW)))
        .as("less what other nodes have and have not used")
        .isEqualTo(5);
  }

  @Test
  void limits_for_other_times_than_a_minute_count_when_nothing_is_left() {
    for (long left : new long[] {1, 0}) {
      LimitStatement day =
          new LimitStatement(
              PaceLimit.REQUESTS_PER_MINUTE,
              Duration.ofDays(1),
              OptionalLong.of(14_400),
              OptionalLong.of(left),
              Optional.of(Duration.ofHours(3)));
      assertThat(day.perMinute()).isEmpty();
      CapacityAccount account = new CapacityAccount(requests(600), NOW);
      CapacityGrant grant =
          account.exchange(
              says(NODE, ANA, PaceUse.NONE, PaceUse.NONE, LOTS, List.of(day), List.of()), NOW);
      assertThat(calls(grant)).isEqualTo(left == 0 ? 0 : 60);
      assertThat(grant.pauses())
          .isEqualTo(left == 0 ? Map.of(PaceLimit.REQUESTS_PER_MINUTE, 60_000L) : Map.of());
    }
    assertThat(left(3).perMinute()).hasValue(600);
  }

  @Test
  void a_limit_that_the_provider_refused_for_counts_as_used_up_for_a_time() {
    for (Optional<PaceLimit> limit :
        List.of(
            Optional.<PaceLimit>empty(),
            Optional.of(PaceLimit.REQUESTS_PER_MINUTE),
            Optional.of(PaceLimit.OUTPUT_TOKENS_PER_MINUTE))) {
      for (ProviderLimits limits : List.of(requests(600), ProviderLimits.NONE)) {
        CapacityAccount account = new CapacityAccount(limits, NOW);
        PaceRefusal refusal = new PaceRefusal(limit, Duration.ofSeconds(5));
        CapacityStatement refused =
            says(NODE, ANA, PaceUse.NONE, PaceUse.NONE, LOTS, List.of(), List.of(refusal));
        assertThat(calls(account.exchange(refused, NOW))).isZero();
        account = stored(account, limits, NOW);
        assertThat(calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, LOTS), NOW + 4_999)))
            .isZero();
        assertThat(calls(account.exchange(wants(OTHER, BEN, PaceUse.NONE, LOTS), NOW + 5_000)))
            .as("%s of %s", limit, limits)
            .isPositive();
      }
    }
  }

  /** A provider that lies about tokens blocks its service for about a minute, not for ever. */
  @Test
  void what_is_overdrawn_is_paid_back_within_about_a_minute() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    for (int i = 0; i < 100; i++) {
      account.exchange(
          says(
              NODE,
              ANA,
              new PaceUse(Long.MAX_VALUE / 8, 0, 0),
              PaceUse.NONE,
              LOTS,
              List.of(),
              List.of()),
          NOW);
    }
    assertThat(calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, LOTS), NOW + 59_000)))
        .isZero();
    assertThat(calls(account.exchange(wants(NODE, ANA, PaceUse.NONE, LOTS), NOW + 61_000)))
        .isEqualTo(10);
  }

  /** Long streams that end together return more than the provider would let go out at once. */
  @Test
  void what_calls_return_fills_a_bucket_and_no_more() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    long now = NOW;
    for (long used : new long[] {30, 601, 5_000, Long.MAX_VALUE / 8}) {
      CapacityStatement lots = wants(NODE, ANA, new PaceUse(used, 0, 0), PaceUse.NONE);
      for (int second = 0; second < 120; second++) {
        account.exchange(lots, now);
        now += 1_000;
      }
      CapacityStatement nothing = wants(NODE, ANA, PaceUse.NONE, PaceUse.NONE);
      assertThat(account.exchange(nothing, now).left())
          .as("%d", used)
          .containsEntry(PaceLimit.REQUESTS_PER_MINUTE, 60L);
      account = stored(account, requests(600), now);
      assertThat(account.borrowers()).as("the state is understood").containsKey(ANA);
    }
    CapacityAccount both = new CapacityAccount(requests(600), NOW);
    for (int second = 0; second <= 5; second++) {
      both.exchange(wants(NODE, ANA, new PaceUse(50, 0, 0), PaceUse.NONE), NOW + second * 1_000L);
    }
    CapacityStatement.Claim ended = claim(PaceUse.NONE, PaceUse.NONE);
    CapacityStatement.Claim used = claim(new PaceUse(40, 0, 0), PaceUse.NONE);
    for (UUID[] order : new UUID[][] {{ANA, BEN}, {BEN, ANA}}) {
      CapacityAccount one = stored(both, requests(600), NOW + 5_000);
      Map<UUID, CapacityStatement.Claim> claims = new LinkedHashMap<>();
      for (UUID borrower : order) {
        claims.put(borrower, borrower.equals(ANA) ? ended : used);
      }
      CapacityStatement statement = new CapacityStatement(NODE, claims, 0, List.of(), List.of());
      assertThat(one.exchange(statement, NOW + 5_000).left())
          .as("what others used meanwhile is taken from it, in whatever order")
          .containsEntry(PaceLimit.REQUESTS_PER_MINUTE, 60L);
    }
  }

  private static CapacityStatement.Claim claim(PaceUse used, PaceUse first) {
    return new CapacityStatement.Claim(
        10, used, PaceUse.NONE, PaceUse.NONE, first, PaceUse.NONE, 0, 0, 0, PaceUse.NONE);
  }

  /** Two returns of a tenth each, of different limits, come back for a charge of one tenth. */
  @Test
  void what_is_charged_once_and_returned_at_two_limits_puts_nobody_far_ahead() {
    CapacityAccount account =
        new CapacityAccount(
            new ProviderLimits(
                new PaceLimits(
                    Map.of(
                        PaceLimit.INPUT_TOKENS_PER_MINUTE, 60_000L,
                        PaceLimit.OUTPUT_TOKENS_PER_MINUTE, 60_000L)),
                OptionalInt.empty()),
            NOW);
    PaceUse both = new PaceUse(1, 6_000, 6_000);
    long now = NOW;
    PaceUse tooMuch = new PaceUse(1, 60_000, 60_000);
    for (int round = 0; round < 20; round++) {
      now += 1_000;
      PaceUse held =
          granted(account.exchange(wants(NODE, ANA, PaceUse.NONE, both.plus(both)), now));
      assertThat(held).isEqualTo(both);
      account.exchange(wants(NODE, ANA, new PaceUse(1, 0, held.output()), tooMuch), now);
      account.exchange(wants(NODE, ANA, PaceUse.NONE, tooMuch), now);
    }
    PaceUse much = new PaceUse(1_000, 600_000, 600_000);
    PaceUse ofAna = PaceUse.NONE;
    PaceUse ofBen = PaceUse.NONE;
    long anas = 0;
    long bens = 0;
    for (int second = 0; second < 30; second++) {
      now += 1_000;
      ofAna = granted(account.exchange(uses(NODE, ANA, ofAna, much), now));
      ofBen = granted(account.exchange(uses(OTHER, BEN, ofBen, much), now));
      anas += ofAna.input();
      bens += ofBen.input();
    }
    assertThat(bens).as("Ana got %d", anas).isGreaterThan(anas / 2);
  }

  private static CapacityStatement uses(UUID node, UUID borrower, PaceUse used, PaceUse wanted) {
    return says(node, borrower, used, PaceUse.NONE, wanted, List.of(), List.of());
  }

  private static PaceUse granted(CapacityGrant grant) {
    return grant.parts().values().stream().reduce(PaceUse.NONE, PaceUse::plus);
  }

  @Test
  void a_clock_that_jumps_back_stops_nothing() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    PaceRefusal refusal = new PaceRefusal(Optional.empty(), PaceRefusal.MOST_PAUSE);
    account.exchange(
        says(NODE, ANA, PaceUse.NONE, PaceUse.NONE, LOTS, List.of(), List.of(refusal)), NOW);
    long before = NOW - 3_600_000;
    account.exchange(wants(OTHER, BEN, PaceUse.NONE, LOTS), before);
    assertThat(calls(account.exchange(wants(OTHER, BEN, PaceUse.NONE, LOTS), before + 61_000)))
        .isPositive();
  }

  /** A borrower whose need is available does not wait for the need of another borrower. */
  @Test
  void a_limit_that_is_short_holds_back_only_those_who_need_it() {
    CapacityAccount account =
        new CapacityAccount(
            new ProviderLimits(
                new PaceLimits(
                    Map.of(
                        PaceLimit.REQUESTS_PER_MINUTE,
                        600L,
                        PaceLimit.OUTPUT_TOKENS_PER_MINUTE,
                        100L)),
                OptionalInt.empty()),
            NOW);
    account.exchange(wants(OTHER, ANA, PaceUse.NONE, PaceUse.ofCall(0, 90)), NOW);
    CapacityGrant grant =
        account.exchange(wants(NODE, BEN, PaceUse.NONE, PaceUse.ofCall(500, 0)), NOW);
    assertThat(grant.parts()).containsEntry(BEN, PaceUse.ofCall(500, 0));
  }

  /**
   * A user with twenty projects and ten service accounts is one borrower with the weight of one.
   */
  @Test
  void many_callers_of_one_borrower_share_one_share() {
    CapacityAccount account = new CapacityAccount(requests(600), NOW);
    CapacityQueue<String> queue = new CapacityQueue<>(NODE, 0);
    account.exchange(wants(OTHER, ANA, PaceUse.NONE, new PaceUse(60, 0, 0)), NOW);
    int[] passed = new int[2];
    for (int second = 0; second < 20; second++) {
      int base = second;
      queue.removeOverdue(base * 1_000L);
      for (int project = 0; project < 30; project++) {
        queue.admit(
            "ana " + second + " " + project,
            ANA,
            10,
            PaceUse.ofCall(0, 0),
            base * 1_000L,
            base * 1_000L + 3_000);
      }
      for (int call = 0; call < 8; call++) {
        queue.admit(
            "ben " + second + " " + call,
            BEN,
            10,
            PaceUse.ofCall(0, 0),
            base * 1_000L,
            base * 1_000L + 3_000);
      }
      long now = second * 1_000L;
      for (String call : queue.apply(account.exchange(queue.state(now), NOW + now), now, now)) {
        passed[call.startsWith("ana") ? 0 : 1]++;
      }
    }
    assertThat(passed[1]).isBetween(passed[0] - 12, passed[0] + 12);
  }
}
