package io.claviger.imports.litellm.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.imports.litellm.rules.AccessPlan.Holder;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedShare;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedToken;
import io.claviger.imports.litellm.rules.AccessPlan.PlannedUser;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportEntry;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.UnreadableSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AccessTranslationTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final ReportBuilder report = new ReportBuilder();

  private AccessPlan plan(Source source) {
    return plan(source, false);
  }

  private AccessPlan plan(Source source, boolean administrators) {
    return plan(source, administrators, false);
  }

  private AccessPlan plan(Source source, boolean administrators, boolean allowWider) {
    LiteLlmContent content = source.content();
    return AccessTranslation.translate(
        content,
        ModelTranslation.translate(content, Map.of(), false, allowWider, report),
        new AccessTranslation.Wish(
            new HandleMapping(Map.of("same", "who-is-here", "Ours", "@research")),
            Map.of("renamed", new Handle("chosen")),
            administrators,
            allowWider,
            Duration.ofDays(90),
            Optional.of("%064x".formatted(99)),
            NOW),
        report);
  }

  private List<ReportReason> reasons() {
    return report.build(false, "").remarks().stream().map(ReportEntry::reason).toList();
  }

  private static Set<ModelPattern> models(String... names) {
    return Arrays.stream(names).map(ModelPattern::new).collect(Collectors.toSet());
  }

  @Test
  void aPersonWhomTheIdentityProviderDeactivatedComesNotNorDoTheirKeys() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .user("gone", null, "proxy_admin")
                .user("here", null, "internal_user")
                .deactivated("gone")
                .team("t1", OldTerms.NONE, "fast")
                .key(Source.HASH, "gone", null, OldTerms.NONE, "fast")
                .key("%064x".formatted(2), "gone", "t1", OldTerms.NONE, "fast")
                .key("%064x".formatted(3), "here", "t1", OldTerms.NONE, "fast"),
            true);

    assertThat(plan.users()).extracting(PlannedUser::name).containsExactly("here");
    assertThat(plan.tokens()).extracting(PlannedToken::owner).containsExactly("here");
    assertThat(reasons())
        .containsExactly(ReportReason.BLOCKED, ReportReason.BLOCKED, ReportReason.BLOCKED);
  }

  @Test
  void aTokenNeedsTheLimitsOfAllCallsThatLimitItsKey() {
    Source source =
        new Source()
            .openAi("fast", "gpt-4o-mini")
            .user("u1", null, "internal_user")
            .user("u2", null, "internal_user")
            .terms("u1", budgetOnly())
            .organization("o1", Source.budget("50", "0"), Set.of())
            .team("t1", "o1", OldTerms.NONE, Set.of(), "fast")
            .key(Source.HASH, "u1", null, OldTerms.NONE, "fast")
            .key("%064x".formatted(2), "u1", "t1", OldTerms.NONE, "fast")
            .key("%064x".formatted(3), "u2", null, OldTerms.NONE, "fast");

    assertThat(plan(source, false).tokens())
        .extracting(PlannedToken::limitedBy)
        .containsExactly(
            Set.of(new Holder(false, "u1")), Set.of(new Holder(true, "organization/o1")), Set.of());
    assertThat(plan(source, false, true).tokens())
        .allSatisfy(token -> assertThat(token.limitedBy()).isEmpty());
  }

  private static OldTerms budgetOnly() {
    return new OldTerms(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new BigDecimal("5")),
        BigDecimal.ZERO,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void budgetsBeginAgainAtTheMidnightsOfLiteLlm() {
    AccessPlan plan =
        plan(
            new Source()
                .zone("Asia/Tokyo")
                .openAi("fast", "gpt-4o-mini")
                .user("u1", null, "internal_user")
                .team("t1", Source.budget("5", "0"), "fast")
                .key(Source.HASH, "u1", "t1", Source.budget("10", "0"), "fast"),
            false);

    assertThat(plan.tokens().get(0).limits().budgets().all())
        .extracting(Budget::zone)
        .containsExactly(new BudgetZone("Asia/Tokyo"));
    assertThat(plan.shares().get(0).pooled().budgets().all())
        .extracting(Budget::zone)
        .containsExactly(new BudgetZone("Asia/Tokyo"));
  }

  @Test
  void aKeyOfAUserCallsTheProvidersModelsByWhichItsAliasesAreServed() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .openAi("good", "gpt-4o")
                .user("alice", null, "internal_user", "fast", "good")
                .key(Source.HASH, "alice", null, Source.budget("5", "2"), "fast"));

    assertThat(plan.tokens())
        .singleElement()
        .satisfies(
            token -> {
              assertThat(token.owner()).isEqualTo("alice");
              assertThat(token.limits().models()).contains(models("gpt-4o-mini"));
              assertThat(token.limits().requestsPerMinute()).contains(60);
              assertThat(token.spent()).isEqualTo(2_000_000_000L);
              assertThat(token.expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(90)));
              assertThat(token.beginning()).isEqualTo("sk-");
            });
    assertThat(plan.shares())
        .singleElement()
        .satisfies(
            share ->
                assertThat(share.limits().models())
                    .as("a token that the user makes here calls no more than the user there")
                    .contains(models("gpt-4o-mini", "gpt-4o")));
  }

  /** An empty limit would allow everything. */
  @Test
  void aListWithoutAKnownModelAllowsNothing() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .user("alice", null, "internal_user", "no-default-models")
                .user("bob", null, "internal_user")
                .team("t", OldTerms.NONE, "fast")
                .key("%064x".formatted(1), "alice", null, OldTerms.NONE)
                .key("%064x".formatted(2), "bob", null, OldTerms.NONE, "gone")
                .key("%064x".formatted(3), null, "t", OldTerms.NONE, "slow")
                .key("%064x".formatted(4), null, "t", OldTerms.NONE, "all-team-models")
                .key("%064x".formatted(5), "bob", null, OldTerms.NONE));

    assertThat(plan.tokens())
        .extracting(t -> t.hash().toString(), t -> t.limits().models())
        .containsExactly(
            tuple(
                new TokenHash(HexFormat.of().parseHex("%064x".formatted(4))).toString(),
                Optional.of(models("gpt-4o-mini"))),
            tuple(
                new TokenHash(HexFormat.of().parseHex("%064x".formatted(5))).toString(),
                Optional.empty()));
    assertThat(reasons().stream().filter(r -> r == ReportReason.MODELS_UNKNOWN)).hasSize(3);
  }

  @Test
  void aListMayNameModelsByAPattern() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("openai/fast", "gpt-4o-mini")
                .openAi("openai/good", "gpt-4o")
                .openAi("fast", "gpt-5")
                .user("alice", null, "internal_user")
                .key("%064x".formatted(1), "alice", null, OldTerms.NONE, "openai/*")
                .key("%064x".formatted(2), "alice", null, OldTerms.NONE, "o*/*a*t", "no*")
                .key("%064x".formatted(3), "alice", null, OldTerms.NONE, "*".repeat(900) + "x"));

    assertThat(plan.tokens())
        .extracting(t -> t.limits().models())
        .containsExactly(
            Optional.of(models("gpt-4o-mini", "gpt-4o")), Optional.of(models("gpt-4o-mini")));
  }

  @Test
  void aModelOfOneTeamIsGivenToNobody() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .deployment("m-own", "own", Map.of("model", "openai/ft", "api_key", "sk-of-team"))
                .ofTeam("own")
                .user("alice", null, "internal_user")
                .team("t", OldTerms.NONE, "own")
                .key("%064x".formatted(1), "alice", null, OldTerms.NONE)
                .key("%064x".formatted(2), null, "t", OldTerms.NONE));

    assertThat(plan.shares())
        .extracting(share -> share.service() + " " + share.holder().name())
        .containsExactly("m-fast-0 alice");
    assertThat(reasons()).contains(ReportReason.NO_COUNTERPART, ReportReason.MODELS_UNKNOWN);
  }

  @Test
  void whoHasNoDefaultModelsHasNoneWhateverElseTheirListNames() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .user("alice", null, "internal_user", "no-default-models", "fast")
                .user("bob", null, "internal_user", "all-proxy-models", "no-default-models")
                .team("t", OldTerms.NONE, "fast")
                .key("%064x".formatted(1), "alice", null, OldTerms.NONE)
                .key("%064x".formatted(2), "bob", null, OldTerms.NONE)
                .key("%064x".formatted(3), "alice", "t", OldTerms.NONE));

    assertThat(plan.tokens())
        .extracting(t -> t.hash().toString())
        .containsExactly(new TokenHash(HexFormat.of().parseHex("%064x".formatted(3))).toString());
    assertThat(plan.shares()).extracting(share -> share.holder().group()).containsExactly(true);
  }

  @Test
  void aServiceOfMoreModelsThanALimitNamesIsNotLentWithAllOfThem() {
    Source source = new Source().user("alice", null, "internal_user");
    for (int n = 0; n <= ModelScope.MOST; n++) {
      source.openAi("m" + n, "gpt-" + n);
    }
    source.key("%064x".formatted(1), "alice", null, OldTerms.NONE);
    source.key("%064x".formatted(2), "alice", null, OldTerms.NONE);

    assertThat(plan(source).shares()).isEmpty();
    assertThat(reasons()).containsOnlyOnce(ReportReason.TOO_MANY_MODELS);
    assertThat(plan(source, false, true).shares())
        .singleElement()
        .satisfies(share -> assertThat(share.limits().isNone()).isTrue());
    assertThat(reasons()).containsOnlyOnce(ReportReason.WIDER_HERE);
  }

  @Test
  void whoMayCallTooManyModelsGetsThoseThatTheirKeysNeed() {
    Source source = new Source().user("alice", null, "internal_user");
    for (int n = 0; n <= ModelScope.MOST; n++) {
      source.openAi("m" + n, "gpt-" + n);
    }
    source.key("%064x".formatted(1), "alice", null, OldTerms.NONE, "m1", "m2");
    source.key("%064x".formatted(2), "alice", null, OldTerms.NONE, "m2");
    source.key("%064x".formatted(3), "alice", null, OldTerms.NONE, "m3");

    assertThat(plan(source).shares())
        .extracting(share -> share.limits().models())
        .containsExactly(Optional.of(models("gpt-1", "gpt-2", "gpt-3")));
    assertThat(reasons()).doesNotContain(ReportReason.TOO_MANY_MODELS);
  }

  @Test
  void aTeamWithOneServiceHasItsLimitsTogetherAndItsKeysBelongToAServiceAccount() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .user("alice", null, "internal_user")
                .team("Research", Source.budget("100", "40"), "fast")
                .member("Research", "alice")
                .key(Source.HASH, null, "Research", OldTerms.NONE)
                .key("%064x".formatted(2), null, "Research", OldTerms.NONE));

    assertThat(plan.groups())
        .singleElement()
        .satisfies(g -> assertThat(g.handle()).isEqualTo(new Handle("research")));
    PlannedShare share = plan.shares().get(0);
    assertThat(share.pooled().budgets().all()).hasSize(1);
    assertThat(share.pooled().requestsPerMinute()).contains(60);
    assertThat(share.spent()).isEqualTo(40_000_000_000L);
    assertThat(share.limits().models()).contains(models("gpt-4o-mini"));
    assertThat(plan.limits()).isEmpty();
    assertThat(plan.accounts()).hasSize(1);
    assertThat(plan.accounts().get(0).handle()).isEqualTo(new Handle("research-keys"));
    assertThat(plan.tokens())
        .extracting(PlannedToken::owner)
        .containsOnly("account of team/Research");
    assertThat(plan.members()).hasSize(2);
  }

  @Test
  void aBudgetOfATeamIsNeverSpentAtEachOfItsServices() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .deployment("g", "fast", Map.of("model", "groq/llama", "api_key", "gsk-12345"))
                .team("t", Source.budget("100", "40")));

    assertThat(plan.shares()).hasSize(2);
    assertThat(plan.shares()).allSatisfy(s -> assertThat(s.pooled().budgets().isNone()).isTrue());
    assertThat(plan.shares())
        .allSatisfy(s -> assertThat(s.pooled().requestsPerMinute()).contains(60));
    assertThat(plan.limits())
        .singleElement()
        .satisfies(
            l -> {
              assertThat(l.holder().group()).isTrue();
              assertThat(l.spent()).isEqualTo(40_000_000_000L);
              assertThat(l.limits()).isEqualTo(Limits.of(l.limits().budgets()));
            });
    assertThat(reasons()).contains(ReportReason.LIMIT_OF_EACH_SERVICE);
  }

  @Test
  void rowsThatAreNoKeysOfClientsAreLeftOutAndNamed() {
    Source source =
        new Source()
            .openAi("fast", "gpt-4o-mini")
            .user("alice", null, "internal_user")
            .team("t", OldTerms.NONE);
    source
        .key("sk-plain-text", "alice", null, OldTerms.NONE)
        .key("%064X".formatted(0xabcdefL), "alice", null, OldTerms.NONE)
        .key("%064x".formatted(99), "alice", null, OldTerms.NONE)
        .key("%064x".formatted(1), "alice", null, OldTerms.NONE, true, null, false)
        .key("%064x".formatted(2), "alice", null, OldTerms.NONE, false, NOW, false)
        .key("%064x".formatted(3), "alice", null, OldTerms.NONE, false, null, true)
        .key("%064x".formatted(4), "nobody", null, OldTerms.NONE)
        .key("%064x".formatted(5), null, "gone", OldTerms.NONE)
        .key("%064x".formatted(6), null, null, OldTerms.NONE)
        .key("%064x".formatted(7), "alice", null, Source.budget("0", "0"))
        .key("%064x".formatted(8), "alice", null, OldTerms.NONE, false, NOW.plusSeconds(5), false)
        .key("%064x".formatted(8), "alice", null, OldTerms.NONE);

    AccessPlan plan = plan(source);

    assertThat(plan.tokens())
        .singleElement()
        .satisfies(token -> assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(5)));
    assertThat(reasons())
        .filteredOn(reason -> reason.section().leavesOut())
        .containsExactly(
            ReportReason.NOT_A_HASH,
            ReportReason.NOT_A_HASH,
            ReportReason.MASTER_KEY,
            ReportReason.BLOCKED,
            ReportReason.EXPIRED,
            ReportReason.DASHBOARD,
            ReportReason.OWNER_MISSING,
            ReportReason.MODELS_UNKNOWN,
            ReportReason.OWNER_MISSING,
            ReportReason.NOTHING_ALLOWED,
            ReportReason.DUPLICATE);
  }

  @Test
  void onlyTheCaseOfNamesIsFoldedAndOtherNamesBecomeIds() {
    Source source =
        new Source()
            .user("Alice", "alice@example.org", "proxy_admin")
            .user("alice", null, "internal_user")
            .user("renamed", null, "internal_user")
            .user("00112233-4455-6677-8899-aabbccddeeff", null, "internal_user")
            .user("x y", null, "internal_user")
            .user("x y", null, "internal_user");

    assertThat(plan(source).users())
        .extracting(PlannedUser::name, u -> u.handle().value(), PlannedUser::administrator)
        .containsExactly(
            tuple("Alice", "alice", false),
            tuple("alice", "u-2bd806c9", false),
            tuple("renamed", "chosen", false),
            tuple("00112233-4455-6677-8899-aabbccddeeff", "u-00112233", false),
            tuple("x y", "u-887fcea6", false));
    assertThat(reasons()).containsExactly(ReportReason.DUPLICATE);
    assertThat(plan(source, true).users())
        .filteredOn(PlannedUser::administrator)
        .extracting(PlannedUser::name)
        .containsExactly("Alice");
  }

  @Test
  void keysWhoseClientsSpeakAnotherFormatThanTheProviderAreNamedFirst() {
    Source source =
        new Source()
            .deployment(
                "a", "claude", Map.of("model", "anthropic/claude-x", "api_key", "sk-ant-12"))
            .openAi("fast", "gpt-4o-mini")
            .user("alice", null, "internal_user")
            .key("%064x".formatted(1), "alice", null, OldTerms.NONE, "claude")
            .key("%064x".formatted(2), "alice", null, OldTerms.NONE, "fast")
            .key("%064x".formatted(3), "alice", null, OldTerms.NONE, "claude")
            .key("%064x".formatted(4), "alice", null, OldTerms.NONE, "claude", "fast")
            .spoke("%064x".formatted(3), "anthropic", "claude")
            .spoke("%064x".formatted(4), "anthropic", "fast");

    AccessPlan plan = plan(source);

    assertThat(plan.tokens()).hasSize(4);
    List<ReportEntry> remarks = report.build(false, "").remarks();
    assertThat(remarks.get(0).reason()).isEqualTo(ReportReason.OTHER_FORMAT);
    assertThat(remarks)
        .filteredOn(r -> r.reason() == ReportReason.OTHER_FORMAT)
        .extracting(ReportEntry::detail)
        .containsExactly(
            "openai to anthropic; --compatible-endpoints uses the endpoints that speak it",
            "anthropic to openai; no endpoint there speaks it");
  }

  /** Two models; a user; a team of an organization with a member; a key of each. */
  private static Source bounded() {
    return new Source()
        .openAi("fast", "gpt-4o-mini")
        .openAi("good", "gpt-4o")
        .user("alice", null, "internal_user")
        .user("bob", null, "internal_user")
        .organization("o", OldTerms.NONE, Set.of())
        .team("t", "o", OldTerms.NONE, Set.of())
        .member("t", "bob")
        .key("%064x".formatted(1), "alice", null, OldTerms.NONE)
        .key("%064x".formatted(2), "bob", "t", OldTerms.NONE)
        .key("%064x".formatted(3), null, "t", OldTerms.NONE);
  }

  private static List<String> owners(AccessPlan plan) {
    return plan.tokens().stream().map(PlannedToken::owner).toList();
  }

  @Test
  void whatIsBoundedInAWayThatCannotBeSaidHereComesOnlyIfThatIsAllowed() {
    Set<String> some = Set.of("budgets of single models");
    record Case(String what, Source source, List<String> left) {}
    List<Case> cases =
        List.of(
            new Case("nothing", bounded(), List.of("alice", "bob", "account of team/t")),
            new Case("a key", bounded().bound(1, some), List.of("bob", "account of team/t")),
            new Case(
                "a user", bounded().boundUser("alice", some), List.of("bob", "account of team/t")),
            new Case("a team", bounded().boundGroup("t", some), List.of("alice")),
            new Case("an organization", bounded().boundGroup("o", some), List.of("alice")),
            new Case(
                "a member",
                bounded().boundMember("team/t", "bob"),
                List.of("alice", "account of team/t")),
            new Case(
                "a member of the organization",
                bounded().boundMember("organization/o", "bob"),
                List.of("alice", "account of team/t")));
    for (Case each : cases) {
      AccessPlan plan = plan(each.source());
      assertThat(owners(plan)).as(each.what()).isEqualTo(each.left());
      if (!each.left().contains("bob")) {
        assertThat(
                plan.shares().stream().anyMatch(s -> s.holder().group())
                    && plan.members().stream()
                        .anyMatch(m -> m.user().equals("bob") && m.group().equals("team/t")))
            .as(each.what())
            .isFalse();
      }
      assertThat(owners(plan(each.source(), false, true))).as(each.what()).hasSize(3);
    }
    assertThat(reasons()).contains(ReportReason.LIMIT_NOT_CARRIED, ReportReason.WIDER_HERE);
  }

  @Test
  void aLimitOfZeroOfAUserOrAGroupLeavesOutTheirKeys() {
    Source source =
        bounded()
            .team("zero", null, Source.budget("0", "0"), Set.of())
            .key("%064x".formatted(4), "bob", "zero", OldTerms.NONE)
            .terms("alice", Source.budget("0", "0"));

    assertThat(owners(plan(source))).containsExactly("bob", "account of team/t");
    assertThat(reasons().stream().filter(r -> r == ReportReason.NOTHING_ALLOWED)).hasSize(4);
  }

  @Test
  void theLimitsOfAnOrganizationCountTheCallsOfItsTeams() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .openAi("good", "gpt-4o")
                .user("bob", null, "internal_user")
                .organization("o", Source.budget("50", "1"), Set.of(), "fast")
                .team("t", "o", OldTerms.NONE, Set.of())
                .member("t", "bob")
                .key(Source.HASH, null, "t", OldTerms.NONE));

    assertThat(plan.members())
        .extracting(m -> m.group() + " " + m.user())
        .containsExactlyInAnyOrder(
            "team/t bob",
            "organization/o bob",
            "team/t account of team/t",
            "organization/o account of team/t");
    assertThat(plan.limits()).singleElement().satisfies(l -> assertThat(l.spent()).isPositive());
    assertThat(plan.shares())
        .singleElement()
        .satisfies(s -> assertThat(s.limits().models()).contains(models("gpt-4o-mini")));
  }

  /** Two teams with budgets and one service; a member of both, with a key of each. */
  private static Source inTwoTeams(String modelsOfA, String modelsOfB) {
    return new Source()
        .openAi("fast", "gpt-4o-mini")
        .openAi("good", "gpt-4o")
        .user("bob", null, "internal_user")
        .team("a", Source.budget("10", "0"), modelsOfA)
        .team("b", Source.budget("1000", "0"), modelsOfB)
        .member("a", "bob")
        .member("b", "bob")
        .key("%064x".formatted(1), "bob", "a", OldTerms.NONE)
        .key("%064x".formatted(2), "bob", "b", OldTerms.NONE);
  }

  @Test
  void aKeyOfATeamCountsInItsTeamWhateverOtherTeamsItsUserIsIn() {
    for (Source source : List.of(inTwoTeams("fast", "fast"), inTwoTeams("fast", "good"))) {
      AccessPlan plan = plan(source);

      assertThat(owners(plan)).containsExactly("account of team/a", "account of team/b");
      assertThat(plan.members())
          .filteredOn(member -> member.user().startsWith("account"))
          .extracting(member -> member.group() + " " + member.user())
          .containsExactlyInAnyOrder("team/a account of team/a", "team/b account of team/b");
    }
    assertThat(report.build(false, "").remarks())
        .filteredOn(remark -> remark.reason() == ReportReason.OWNED_BY_ACCOUNT)
        .extracting(remark -> remark.name() + " " + remark.detail())
        .contains("key (00000000) a-keys instead of bob", "key (00000000) b-keys instead of bob")
        .hasSize(4);
  }

  @Test
  void aShareOfTheUserDoesNotTakeAKeyOutOfThePoolOfItsTeam() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .openAi("good", "gpt-4o")
                .user("bob", null, "internal_user")
                .team("t", Source.budget("10", "0"), "fast")
                .key("%064x".formatted(1), "bob", null, OldTerms.NONE, "good")
                .key("%064x".formatted(2), "bob", "t", OldTerms.NONE));

    assertThat(owners(plan)).containsExactly("bob", "account of team/t");
    assertThat(plan.shares())
        .extracting(PlannedShare::name)
        .containsExactly("m-fast-0 @team/t", "m-fast-0 bob");
    assertThat(reasons())
        .contains(ReportReason.OWN_SHARE_LEAVES_POOL, ReportReason.OWNED_BY_ACCOUNT);
  }

  @Test
  void theShareOfATeamIsKnownBeforeTheOlderKeysOfItsUsers() {
    AccessPlan plan =
        plan(
            new Source()
                .openAi("fast", "gpt-4o-mini")
                .user("bob", null, "internal_user")
                .team("t", Source.budget("10", "0"), "fast")
                .key("%064x".formatted(1), "bob", null, OldTerms.NONE, "fast")
                .key("%064x".formatted(2), "bob", "t", OldTerms.NONE));

    assertThat(owners(plan)).containsExactly("bob", "bob");
    assertThat(plan.shares()).extracting(PlannedShare::name).containsExactly("m-fast-0 @team/t");
  }

  @Test
  void aUserKeepsTheirKeysOfTeamsIfEachShareDoesTheSame() {
    Source source =
        new Source()
            .openAi("fast", "gpt-4o-mini")
            .openAi("good", "gpt-4o")
            .user("bob", null, "internal_user")
            .team("a", OldTerms.NONE, "fast")
            .team("b", OldTerms.NONE, "fast", "good")
            .member("a", "bob")
            .member("b", "bob")
            .key("%064x".formatted(1), "bob", "a", OldTerms.NONE)
            .key("%064x".formatted(2), "bob", "b", OldTerms.NONE);

    assertThat(owners(plan(source)))
        .as("calls of the second key could be refused by the share of the first team")
        .containsExactly("bob", "account of team/b");
  }

  @Test
  void aKeyThatWouldLeaveTheRatesOfItsUserComesOnlyIfThatIsAllowed() {
    OldTerms rates =
        new OldTerms(
            Optional.of(100L),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            BigDecimal.ZERO,
            Optional.empty(),
            Optional.empty());
    Source source = inTwoTeams("fast", "fast").terms("bob", rates);

    assertThat(plan(source).tokens()).isEmpty();
    assertThat(report.build(false, "").remarks())
        .filteredOn(remark -> remark.reason() == ReportReason.LIMIT_NOT_CARRIED)
        .extracting(ReportEntry::detail)
        .containsExactly("rates of its user", "rates of its user");
    assertThat(owners(plan(source, false, true)))
        .containsExactly("account of team/a", "account of team/b");
  }

  @Test
  void aUserOfTwoTeamsHasAShareOfTheirOwnIfOneOfTheTeamsCouldRefuseTheirKey() {
    AccessPlan plan =
        plan(
            inTwoTeams("fast", "good")
                .key("%064x".formatted(3), "bob", null, OldTerms.NONE, "good"));

    assertThat(plan.shares()).extracting(PlannedShare::name).contains("m-fast-0 bob");
    assertThat(owners(plan)).containsExactly("account of team/a", "account of team/b", "bob");
  }

  @Test
  void limitsOfAllCallsAreLostOnlyIfThatIsAllowed() {
    OldTerms unlimited = OldTerms.NONE.with(BigDecimal.TEN);
    Source bound = new Source().openAi("fast", "gpt-4o-mini").boundAll("budgets of providers");
    record Case(Source source, String what) {}
    for (Case each :
        List.of(
            new Case(bound, "budgets of providers"),
            new Case(
                ofTheProxy("default_user_id", Source.budget("9", "0")),
                "a budget of the whole proxy"),
            new Case(
                ofTheProxy("litellm-proxy-budget", Source.budget("9", "0")),
                "a budget of the whole proxy"))) {
      assertThatExceptionOfType(UnreadableSource.class)
          .isThrownBy(() -> plan(each.source()))
          .withMessageContaining(each.what())
          .withMessageContaining("--allow-wider");
      assertThat(plan(each.source(), false, true).users())
          .extracting(PlannedUser::name)
          .doesNotContain("litellm-proxy-budget");
    }
    assertThat(report.build(false, "").remarks())
        .filteredOn(remark -> remark.reason() == ReportReason.WIDER_HERE)
        .extracting(ReportEntry::detail)
        .containsExactly(
            "budgets of providers", "a budget of the whole proxy", "a budget of the whole proxy");
    assertThat(plan(ofTheProxy("default_user_id", unlimited)).users()).hasSize(1);
  }

  private static Source ofTheProxy(String user, OldTerms terms) {
    return new Source().user(user, null, "proxy_admin").terms(user, terms);
  }

  /**
   * Returns a source with one model that two providers have, and one model that only one of them
   * has.
   */
  private static Source twoProviders() {
    return new Source()
        .openAi("gpt", "gpt-4o")
        .deployment(
            "m-eu",
            "gpt-eu",
            Map.of(
                "model",
                "azure/gpt-4o",
                "api_key",
                "sk-azure",
                "api_base",
                "https://eu.openai.azure.com"))
        .openAi("mini", "gpt-4o-mini")
        .user("bob", null, "internal_user");
  }

  @Test
  void aKeyIsRestrictedToTheServicesOfItsModels() {
    Source source =
        twoProviders()
            .team("t", OldTerms.NONE, "gpt", "gpt-eu")
            .key("%064x".formatted(1), null, "t", OldTerms.NONE, "gpt-eu")
            .key("%064x".formatted(2), null, "t", OldTerms.NONE, "gpt")
            .key("%064x".formatted(3), null, "t", OldTerms.NONE)
            .key("%064x".formatted(4), "bob", null, OldTerms.NONE, "gpt-eu");

    source
        .key("%064x".formatted(5), "bob", null, OldTerms.NONE, "gpt")
        .key("%064x".formatted(6), "bob", null, OldTerms.NONE);
    assertThat(plan(source).tokens())
        .extracting(PlannedToken::services)
        .containsExactly(
            Set.of("m-eu"),
            Set.of("m-gpt-0"),
            Set.of("m-eu", "m-gpt-0"),
            Set.of("m-eu"),
            Set.of("m-gpt-0"),
            Set.of("m-eu", "m-gpt-0"));
    assertThat(reasons()).doesNotContain(ReportReason.LIMIT_NOT_CARRIED);
  }

  /** LiteLLM calls another model by such a name, so the key never reached the model itself. */
  @Test
  void aNameThatLedElsewhereOpensNoModel() {
    Source source =
        new Source()
            .openAi("good", "gpt-4o")
            .openAi("cheap", "gpt-4o-mini")
            .user("bob", null, "internal_user")
            .team("t", OldTerms.NONE)
            .renamingForTeam("good")
            .key("%064x".formatted(1), "bob", null, OldTerms.NONE)
            .renaming("good")
            .key("%064x".formatted(2), "bob", null, OldTerms.NONE, "good", "cheap")
            .renaming("good")
            .key("%064x".formatted(3), "bob", null, OldTerms.NONE, "good")
            .renaming("good")
            .key("%064x".formatted(4), null, "t", OldTerms.NONE)
            .key("%064x".formatted(5), null, "t", OldTerms.NONE, "good")
            .key("%064x".formatted(6), "bob", null, OldTerms.NONE)
            .renaming("own name");

    assertThat(plan(source).tokens())
        .extracting(t -> t.limits().models())
        .containsExactly(
            Optional.of(models("gpt-4o-mini")),
            Optional.of(models("gpt-4o-mini")),
            Optional.of(models("gpt-4o-mini")),
            Optional.empty());
    assertThat(reasons().stream().filter(r -> r == ReportReason.MODELS_UNKNOWN)).hasSize(2);
  }

  @Test
  void aKeyForModelsOfTwoServicesComesOnlyIfTheirNamesAllowNothingElse() {
    Source source =
        twoProviders()
            .team("t", OldTerms.NONE)
            .key("%064x".formatted(1), null, "t", OldTerms.NONE, "gpt-eu", "mini")
            .key("%064x".formatted(2), null, "t", OldTerms.NONE, "gpt", "gpt-eu", "mini");

    assertThat(plan(source).tokens())
        .as("the first key could call OpenAI's model too")
        .singleElement()
        .satisfies(
            token -> assertThat(token.limits().models()).contains(models("gpt-4o", "gpt-4o-mini")))
        .satisfies(
            token -> assertThat(token.services()).containsExactlyInAnyOrder("m-eu", "m-gpt-0"));
    assertThat(report.build(false, "").remarks())
        .filteredOn(remark -> remark.reason() == ReportReason.LIMIT_NOT_CARRIED)
        .extracting(ReportEntry::detail)
        .containsExactly("the services of its models");
    assertThat(plan(source, false, true).tokens()).hasSize(2);
    assertThat(reasons()).containsOnlyOnce(ReportReason.WIDER_HERE);
  }

  @Test
  void whoIsHereIsOnlyWhomTheOperatorNames() {
    AccessPlan plan =
        plan(
            new Source()
                .user("same", null, "internal_user")
                .user("who-is-here", null, "internal_user")
                .team("Ours", OldTerms.NONE)
                .team("research", OldTerms.NONE));

    assertThat(plan.users())
        .extracting(PlannedUser::known)
        .containsExactly(Optional.of(new Handle("who-is-here")), Optional.empty());
    assertThat(plan.groups())
        .as("the second one is refused where it is made, because the handle is taken here")
        .extracting(g -> g.name() + " " + g.known() + " " + g.handle())
        .containsExactly("team/Ours true research", "team/research false research");
  }

  @Test
  void thePlanSaysWhichRenamedNamesExist() {
    assertThat(plan(new Source().user("alice", null, "internal_user")).renamed()).isEmpty();
    assertThat(plan(new Source().user("renamed", null, "internal_user")).renamed())
        .containsExactly("renamed");
  }
}
