package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.CallLimits.Pool;
import io.claviger.domain.policy.CallLimits.ShareHolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The accounts on which tokens a minute and calls at a time are counted. */
class CallPacesTest {
  private static final UUID SERVICE = new UUID(1, 0);
  private static final UUID OWNER = new UUID(2, 0);
  private static final UUID CALLER = new UUID(2, 1);
  private static final UUID LENDER = new UUID(2, 2);
  private static final UUID HOST = new UUID(2, 3);
  private static final UUID TEAM = new UUID(3, 0);
  private static final UUID PROJECT = new UUID(5, 0);
  private static final UUID TOKEN = new UUID(4, 0);
  private static final UUID PARENT = new UUID(4, 1);

  /** The number of parts of a call that may have limits. */
  private static final int PARTS = 11;

  private static final String ON_SERVICE = "service:" + SERVICE;
  private static final String GROUP = "group:" + TEAM;

  /** Accounts on which others count too, so that callers don't learn what they leave. */
  private static final Set<String> OF_OTHERS =
      Set.of(ON_SERVICE, ON_SERVICE + ":" + LENDER, ON_SERVICE + ":" + HOST);

  private static Limits pace(PaceKind kind, int limit) {
    return Limits.NONE.with(PaceTerms.of(kind, limit));
  }

  /** Each part of a call may have a limit of its own: those whose bit is set have one. */
  private static CallLimits of(int parts, PaceKind kind) {
    List<Limits> limits = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      limits.add((parts & (1 << part)) == 0 ? Limits.NONE : pace(kind, 20 - part));
    }
    return CallLimits.of(
        Optional.of(new CallLimits.Token(TOKEN, limits.get(0), InheritedLimits.NONE)),
        new CallLimits.Of(SERVICE, limits.get(1), limits.get(2), OWNER),
        new ShareHolder(
            CALLER,
            limits.get(3),
            Optional.of(new Pool(TEAM, limits.get(4))),
            Optional.of(new ShareHolder(LENDER, limits.get(5), Optional.empty()))),
        Optional.of(new ShareHolder(HOST, limits.get(6), Optional.empty())),
        new UserLimits(
            limits.get(7), List.of(new UserLimits.OfGroup(TEAM, limits.get(8), limits.get(9)))),
        Optional.of(new CallLimits.Through(PROJECT, limits.get(10))));
  }

  private static Map<String, Long> expected(int parts) {
    Map<String, Long> expected = new LinkedHashMap<>();
    String[] accounts = {
      "token:" + TOKEN,
      "",
      ON_SERVICE,
      ON_SERVICE + ":" + CALLER,
      ON_SERVICE + ":group:" + TEAM,
      ON_SERVICE + ":" + LENDER,
      ON_SERVICE + ":" + HOST,
      "user:" + CALLER,
      GROUP + ":" + CALLER,
      GROUP,
      "project:" + PROJECT + ":" + CALLER
    };
    for (int part = 0; part < accounts.length; part++) {
      boolean ofService = (part == 3 || part == 5 || part == 6) && (parts & 2) != 0;
      if (part != 1 && (parts & (1 << part)) != 0) {
        expected.put(accounts[part], 20L - part);
      } else if (ofService) {
        expected.put(accounts[part], 19L);
      }
    }
    return expected;
  }

  private static Map<String, Long> bySubject(List<PaceMeter> meters, PaceKind kind) {
    Map<String, Long> found = new LinkedHashMap<>();
    for (PaceMeter meter : meters) {
      assertThat(meter.kind()).isEqualTo(kind);
      assertThat(found.put(meter.subject(), meter.most())).isNull();
    }
    return found;
  }

  @Test
  void each_limit_counts_on_the_account_of_whoever_has_it() {
    for (PaceKind kind : PaceKind.values()) {
      for (int parts = 0; parts < 1 << PARTS; parts++) {
        CallLimits limits = of(parts, kind);
        Map<String, Long> expected = expected(parts);

        assertThat(bySubject(limits.paceMeters(KeySource.CENTRAL, Optional.empty()), kind))
            .isEqualTo(expected);
        assertThat(limits.effective().pace().of(kind).map(Integer::longValue))
            .isEqualTo(
                expected.entrySet().stream()
                    .filter(limit -> !OF_OTHERS.contains(limit.getKey()))
                    .map(Map.Entry::getValue)
                    .min(Long::compare));
        for (PaceMeter meter : limits.paceMeters(KeySource.CENTRAL, Optional.empty())) {
          assertThat(meter.shownToCaller()).isEqualTo(!OF_OTHERS.contains(meter.subject()));
          assertThat(meter.sentence().contains(Long.toString(meter.most())))
              .isEqualTo(meter.shownToCaller());
        }
        assertThat(limits.meters()).isEmpty();
      }
    }
  }

  @Test
  void with_the_callers_own_key_tokens_count_for_the_access_token_alone() {
    CallLimits tokens = of((1 << PARTS) - 1, PaceKind.OUTPUT_TOKENS);
    CallLimits calls = of((1 << PARTS) - 1, PaceKind.CONCURRENT);

    assertThat(tokens.paceMeters(KeySource.USER, Optional.empty()))
        .containsExactly(new PaceMeter("token:" + TOKEN, PaceKind.OUTPUT_TOKENS, 20, true));
    assertThat(calls.paceMeters(KeySource.USER, Optional.empty()))
        .hasSize(10)
        .isEqualTo(calls.paceMeters(KeySource.CENTRAL, Optional.empty()));
  }

  @Test
  void tokens_of_an_owners_provider_count_for_no_other_member_of_their_group() {
    for (KeySource source : List.of(KeySource.CENTRAL, KeySource.KEYLESS)) {
      CallLimits tokens = of((1 << 8) | (1 << 9), PaceKind.TOKENS);
      CallLimits calls = of(1 << 9, PaceKind.CONCURRENT);

      assertThat(tokens.paceMeters(source, Optional.of(CALLER)))
          .containsExactly(
              new PaceMeter(GROUP + ":" + CALLER, PaceKind.TOKENS, 12, true),
              new PaceMeter(GROUP + ":" + CALLER + ":own", PaceKind.TOKENS, 11, true));
      assertThat(calls.paceMeters(source, Optional.of(CALLER)))
          .containsExactly(new PaceMeter(GROUP, PaceKind.CONCURRENT, 11, true));
    }
  }

  @Test
  void what_an_owner_has_apart_from_the_pool_is_no_part_of_the_members_own_limit() {
    for (int pooled : new int[] {6, 7, 8}) {
      CallLimits limits =
          CallLimits.of(
              Optional.empty(),
              new CallLimits.Of(SERVICE, Limits.NONE),
              new ShareHolder(CALLER, Limits.NONE, Optional.empty()),
              Optional.empty(),
              new UserLimits(
                  Limits.NONE,
                  List.of(
                      new UserLimits.OfGroup(
                          TEAM, pace(PaceKind.TOKENS, 7), pace(PaceKind.TOKENS, pooled)))));
      assertThat(limits.paceMeters(KeySource.CENTRAL, Optional.of(CALLER)))
          .containsExactly(
              new PaceMeter(GROUP + ":" + CALLER, PaceKind.TOKENS, 7, true),
              new PaceMeter(GROUP + ":" + CALLER + ":own", PaceKind.TOKENS, pooled, true));
    }
  }

  @Test
  void a_call_counts_against_the_limits_of_the_tokens_that_its_token_came_from() {
    TokenPace inherited = new TokenPace(PARENT, PaceKind.CONCURRENT, 5);
    InheritedLimits all = new InheritedLimits(List.of(), List.of(), List.of(inherited));
    PaceMeter onParent = new PaceMeter("token:" + PARENT, PaceKind.CONCURRENT, 5, true);

    assertThat(ofToken(pace(PaceKind.CONCURRENT, 4), all))
        .containsExactly(onParent, new PaceMeter("token:" + TOKEN, PaceKind.CONCURRENT, 4, true));
    assertThat(ofToken(pace(PaceKind.CONCURRENT, 5), all)).containsExactly(onParent);
    assertThat(ofToken(Limits.NONE, all)).containsExactly(onParent);
    assertThat(ofToken(pace(PaceKind.TOKENS, 9), all))
        .containsExactly(onParent, new PaceMeter("token:" + TOKEN, PaceKind.TOKENS, 9, true));
  }

  private static List<PaceMeter> ofToken(Limits own, InheritedLimits inherited) {
    return CallLimits.of(
            Optional.of(new CallLimits.Token(TOKEN, own, inherited)),
            new CallLimits.Of(SERVICE, Limits.NONE),
            new ShareHolder(CALLER, Limits.NONE, Optional.empty()),
            Optional.empty())
        .paceMeters(KeySource.CENTRAL, Optional.empty());
  }

  @Test
  void requests_of_all_callers_together_count_on_the_services_account() {
    Limits inAll = new Limits(Optional.of(7), Optional.empty(), Optional.empty());

    for (UUID caller : List.of(CALLER, OWNER)) {
      CallLimits limits =
          CallLimits.of(
              Optional.empty(),
              new CallLimits.Of(SERVICE, Limits.NONE, inAll, OWNER),
              new ShareHolder(caller, Limits.NONE, Optional.empty()),
              Optional.empty());
      boolean isOwner = caller.equals(OWNER);

      assertThat(limits.meters()).containsExactly(new CallLimits.Meter(ON_SERVICE, 7, isOwner));
      assertThat(limits.effective().requestsPerMinute())
          .isEqualTo(Optional.of(7).filter(rate -> isOwner));
    }
  }
}
