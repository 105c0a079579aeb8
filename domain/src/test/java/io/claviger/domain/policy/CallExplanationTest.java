package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import io.claviger.domain.ModelName;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.CallExplanation.CallRule;
import io.claviger.domain.policy.CallExplanation.Step;
import io.claviger.domain.policy.CallQuestion.AskedOperation;
import io.claviger.domain.policy.CallQuestion.AskedStorage;
import io.claviger.domain.policy.CallQuestion.AskedToken;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.KeyCandidates.KeyCandidate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallExplanationTest {
  private static final KeyCandidates CENTRAL = centralKey(true);
  private static final KeyCandidates NOT_PERMITTED = centralKey(false);
  private static final CallLimits OPEN = new CallLimits(List.of());
  private static final CallLimits EMBEDDINGS =
      limits(Optional.empty(), Optional.of(Set.of(new Operation("POST embeddings"))));
  private static final CallLimits SMALL =
      limits(Optional.of(Set.of(new ModelPattern("small*"))), Optional.empty());

  private static KeyCandidates centralKey(boolean mayUse) {
    return new KeyCandidates(
        mayUse,
        true,
        false,
        KeyPolicy.DEFAULT,
        KeyCandidate.ABSENT,
        KeyCandidate.PRESENT,
        false,
        true);
  }

  /**
   * A call with a central key and without limits, which passes and of which the asker may know
   * everything, unless said otherwise.
   */
  private static final class Call {
    private KeyCandidates key = CENTRAL;
    private boolean userKeyTold = true;
    private boolean groupsTold = true;
    private Optional<AskedOperation> operation = Optional.empty();
    private Optional<ModelName> model = Optional.empty();
    private CallLimits limits = OPEN;
    private CallLimits withoutToken = OPEN;
    private OptionalInt requestsLeft = OptionalInt.empty();
    private Optional<String> usedUpRate = Optional.empty();
    private Reach destination = Reach.ALLOWED;
    private Optional<String> via = Optional.empty();
    private Optional<AskedToken> token = Optional.empty();

    Call key(KeyCandidates given, boolean userKeyMayBeKnown) {
      this.key = given;
      this.userKeyTold = userKeyMayBeKnown;
      return this;
    }

    Call groupsUnknown() {
      this.groupsTold = false;
      return this;
    }

    Call operation(AskedOperation given) {
      this.operation = Optional.of(given);
      return this;
    }

    Call model(String name) {
      this.model = Optional.of(new ModelName(name));
      return this;
    }

    Call limits(CallLimits all, CallLimits allButTheTokens) {
      this.limits = all;
      this.withoutToken = allButTheTokens;
      return this;
    }

    Call requestsLeft(int left) {
      this.requestsLeft = OptionalInt.of(left);
      return this;
    }

    Call usedUpRate(String sentence) {
      this.usedUpRate = Optional.of(sentence);
      return this;
    }

    Call destination(Reach given) {
      this.destination = given;
      return this;
    }

    Call via(String group) {
      this.via = Optional.of(group);
      return this;
    }

    Call token(AskedToken given) {
      this.token = Optional.of(given);
      return this;
    }

    CallExplanation explained() {
      return CallExplanation.of(
          new CallQuestion(
              key,
              userKeyTold,
              groupsTold,
              operation,
              model,
              limits,
              withoutToken,
              requestsLeft,
              usedUpRate,
              destination,
              via,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              token));
    }
  }

  @Test
  void where_only_the_key_is_in_question_the_answer_is_that_of_the_key_decision() {
    EveryCase.of(
        Candidates.all(),
        given -> {
          CallExplanation explanation = about(given, true).explained();
          KeyDecision decision = KeyDecision.decide(given);

          assertThat(explanation.source()).isEqualTo(decision.source());
          assertThat(explanation.reason()).isEqualTo(decision.reason().map(NoKeyReason::wireName));
        });
  }

  @Test
  void whether_another_user_has_a_key_makes_no_difference() {
    EveryCase.of(
        Candidates.all(),
        given -> {
          KeyCandidates without = given.withoutUserKey();

          assertThat(about(given, false).explained()).isEqualTo(about(without, false).explained());
        });
  }

  @Test
  void if_users_own_keys_are_off_nothing_about_them_is_left_out() {
    assertThat(about(CENTRAL, false).explained()).isEqualTo(about(CENTRAL, true).explained());
  }

  @Test
  void an_operation_is_refused_before_the_key_is_asked_for() {
    assertRefused(
        asking("GET models", EMBEDDINGS, EMBEDDINGS), "operation", "operation_not_allowed");
    assertRefused(asking("GET models", EMBEDDINGS, OPEN), "operation", "token_restricted");
    assertThat(asking("POST embeddings", EMBEDDINGS, OPEN).explained().reason()).isEmpty();
  }

  @Test
  void an_operation_that_is_not_lent_is_nobodys_limit() {
    AskedOperation notLent =
        new AskedOperation("DELETE", "files/x", false, Optional.empty(), Optional.empty());

    assertRefused(
        new Call().operation(notLent).limits(EMBEDDINGS, OPEN).destination(Reach.UNKNOWN),
        "operation",
        "operation_not_allowed");
  }

  @Test
  void storage_that_is_not_lent_says_who_could_lend_it() {
    StorageKinds files = StorageKinds.of(List.of("files"));
    CallLimits narrow = only(StorageKinds.NONE);

    assertRefused(storing(StorageKinds.NONE, OPEN, OPEN), "operation", "storage_not_lent");
    assertThat(why(storing(StorageKinds.NONE, OPEN, OPEN))).contains("the service does not lend");
    assertRefused(storing(files, narrow, narrow), "operation", "storage_not_lent");
    assertThat(why(storing(files, narrow, narrow))).contains("limits on this service", "files");
    assertThat(why(storing(files, narrow, OPEN))).contains("limits of the access token", "files");
    assertThat(why(storing(StorageKinds.NONE, Optional.of("Nobody lends this."))))
        .isEqualTo("Nobody lends this.");
    CallExplanation passes = storing(files, OPEN, OPEN).explained();
    assertThat(passes.reason()).isEmpty();
    assertThat(passes.steps().getLast().rule()).isEqualTo(CallRule.OBJECT);
    assertRefused(storing(files, EMBEDDINGS, EMBEDDINGS), "operation", "operation_not_allowed");
    assertRefused(storing(files, EMBEDDINGS, OPEN), "operation", "token_restricted");
  }

  /**
   * Objects that are stored with the caller's own key need no lent storage. The explanation does
   * not reveal who has such a key.
   */
  @Test
  void storage_is_asked_for_only_of_calls_with_a_key_that_others_use() {
    EveryCase.of(
        Candidates.all(),
        given -> {
          CallExplanation told = storing(StorageKinds.NONE).key(given, true).explained();
          Optional<KeySource> source = KeyDecision.decide(given).source();
          if (source.isPresent()) {
            assertThat(told.reason())
                .isEqualTo(
                    source.get() == KeySource.USER
                        ? Optional.empty()
                        : Optional.of("storage_not_lent"));
          }
          KeyCandidates without = given.withoutUserKey();
          assertThat(storing(StorageKinds.NONE).key(given, false).explained())
              .isEqualTo(storing(StorageKinds.NONE).key(without, false).explained());
        });
  }

  private static String why(Call call) {
    return call.explained().steps().getLast().why();
  }

  private static CallLimits only(StorageKinds kinds) {
    return new CallLimits(
        List.of(
            new CallLimits.Account(
                "token:" + new UUID(0, 1),
                Limits.NONE.with(StorageLimits.of(kinds)),
                CallLimits.Kind.TOKEN,
                true)));
  }

  private static Call storing(StorageKinds lent, CallLimits limits, CallLimits withoutToken) {
    return storing(lent).limits(limits, withoutToken);
  }

  /** A call for a stored file. */
  private static Call storing(StorageKinds lent) {
    return storing(lent, Optional.empty());
  }

  private static Call storing(StorageKinds lent, Optional<String> neverLent) {
    AskedStorage storage = new AskedStorage(ObjectKind.FILES, lent, true, neverLent);
    return new Call()
        .operation(
            new AskedOperation(
                "GET", "files/file-1", false, Optional.of(storage), Optional.empty()));
  }

  @Test
  void a_model_a_rate_and_a_destination_are_asked_for_after_the_key() {
    assertRefused(about("large", SMALL, SMALL), "model", "model_not_allowed");
    assertRefused(about("large", SMALL, OPEN), "model", "token_restricted");
    assertThat(about("small-1", SMALL, SMALL).explained().reason()).isEmpty();
    assertRefused(
        new Call().requestsLeft(0).destination(Reach.NOT_ALLOWED), "rate", "rate_limited");
    assertRefused(
        new Call().requestsLeft(1).destination(Reach.NOT_ALLOWED),
        "destination",
        "destination_not_allowed");
  }

  @Test
  void a_limit_on_the_pace_is_named_unless_the_rate_is_used_up() {
    assertThat(rate(paced())).isEqualTo("rate_limited The limit of 2 concurrent calls is used up.");
    assertThat(rate(paced().requestsLeft(1)))
        .isEqualTo("rate_limited The limit of 2 concurrent calls is used up.");
    assertThat(rate(paced().requestsLeft(0)))
        .isEqualTo("rate_limited All requests that are allowed per minute have been made.");
  }

  private static Call paced() {
    return new Call()
        .usedUpRate(new CallLimits.PaceMeter("a", PaceKind.CONCURRENT, 2, true).sentence());
  }

  private static String rate(Call call) {
    CallExplanation.Step last = call.explained().steps().getLast();
    return last.outcome() + " " + last.why();
  }

  @Test
  void a_call_by_the_share_of_a_group_names_the_group() {
    assertThat(new Call().via("@research").explained().steps().get(0).why())
        .isEqualTo("The user may use the service by group @research.");
  }

  @Test
  void who_may_not_know_the_groups_of_the_user_is_told_that_limits_are_left_out() {
    CallExplanation passes = new Call().key(CENTRAL, false).groupsUnknown().explained();
    CallExplanation refused = new Call().key(NOT_PERMITTED, false).groupsUnknown().explained();

    assertThat(passes.reason()).isEmpty();
    assertThat(passes.steps())
        .contains(
            new Step(
                CallRule.USER_LIMITS,
                "not_told",
                "Limits that administrators set for this user are not shown."));
    assertThat(refused.reason()).contains("not_permitted");
    assertThat(refused.steps().getLast().why())
        .contains("only as a member of a group whose members you don't see");
    assertThat(why(about(NOT_PERMITTED, false))).isEqualTo("The user may not use the service.");
    assertThat(about(CENTRAL, false).explained().steps())
        .noneMatch(step -> step.rule() == CallRule.USER_LIMITS);
  }

  private static void assertRefused(Call call, String rule, String reason) {
    CallExplanation explanation = call.explained();

    assertThat(explanation.reason()).contains(reason);
    assertThat(explanation.source()).isEmpty();
    CallExplanation.Step last = explanation.steps().get(explanation.steps().size() - 1);
    assertThat(last.rule().wireName() + " " + last.outcome()).isEqualTo(rule + " " + reason);
  }

  private static Call about(KeyCandidates given, boolean userKeyTold) {
    return new Call().key(given, userKeyTold).destination(Reach.UNKNOWN);
  }

  @Test
  void a_call_that_gets_no_token_is_refused_before_its_destination_is_asked() {
    CallExplanation usual = new Call().token(AskedToken.USUAL).explained();
    CallExplanation refused =
        new Call()
            .token(new AskedToken(Optional.of("credential_refused"), "At the step token: no"))
            .explained();

    assertThat(usual.reason()).isEmpty();
    assertThat(usual.steps().stream().map(Step::rule))
        .containsSubsequence(CallRule.RATE, CallRule.TOKEN, CallRule.DESTINATION);
    assertThat(refused.reason()).contains("credential_refused");
    assertThat(refused.steps().getLast())
        .isEqualTo(new Step(CallRule.TOKEN, "credential_refused", "At the step token: no"));
  }

  @Test
  void an_operation_that_goes_over_a_web_socket_tells_what_holds_of_one() {
    CallQuestion.WebSocketTerms terms =
        new CallQuestion.WebSocketTerms(90, List.of("https://app.example.com"));
    CallExplanation told =
        new Call()
            .operation(
                new AskedOperation("GET", "realtime", true, Optional.empty(), Optional.of(terms)))
            .explained();
    assertThat(told.reason()).isEmpty();
    assertThat(told.steps().getLast().rule()).isEqualTo(CallRule.WEB_SOCKET);
    assertThat(told.steps().getLast().why())
        .contains("90 minutes", "if their origin is https://app.example.com.");
  }

  private static Call asking(String operation, CallLimits all, CallLimits withoutToken) {
    Operation asked = new Operation(operation);
    return new Call()
        .operation(
            new AskedOperation(
                asked.method(), asked.path(), true, Optional.empty(), Optional.empty()))
        .limits(all, withoutToken);
  }

  private static Call about(String model, CallLimits all, CallLimits withoutToken) {
    return new Call().model(model).limits(all, withoutToken);
  }

  private static CallLimits limits(
      Optional<Set<ModelPattern>> models, Optional<Set<Operation>> operations) {
    return new CallLimits(
        List.of(
            new CallLimits.Account(
                "token:" + new UUID(0, 1),
                new Limits(Optional.empty(), models, operations),
                CallLimits.Kind.TOKEN,
                true)));
  }
}
