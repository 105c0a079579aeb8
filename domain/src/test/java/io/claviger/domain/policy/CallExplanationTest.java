package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import io.claviger.domain.ModelName;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
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
  private static final KeyCandidates CENTRAL =
      new KeyCandidates(
          true,
          true,
          false,
          KeyPolicy.DEFAULT,
          KeyCandidate.ABSENT,
          KeyCandidate.PRESENT,
          false,
          true);
  private static final KeyCandidates NOT_PERMITTED =
      new KeyCandidates(
          false,
          true,
          false,
          KeyPolicy.DEFAULT,
          KeyCandidate.ABSENT,
          KeyCandidate.PRESENT,
          false,
          true);
  private static final CallLimits OPEN = new CallLimits(List.of());
  private static final CallLimits EMBEDDINGS =
      limits(Optional.empty(), Optional.of(Set.of(new Operation("POST embeddings"))));
  private static final CallLimits SMALL =
      limits(Optional.of(Set.of(new ModelPattern("small*"))), Optional.empty());

  @Test
  void where_only_the_key_is_in_question_the_answer_is_that_of_the_key_decision() {
    EveryCase.of(
        Candidates.all(),
        given -> {
          CallExplanation explanation = CallExplanation.of(about(given, true));
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

          assertThat(CallExplanation.of(about(given, false)))
              .isEqualTo(CallExplanation.of(about(without, false)));
        });
  }

  @Test
  void an_operation_is_refused_before_the_key_is_asked_for() {
    assertRefused(
        asking("GET models", EMBEDDINGS, EMBEDDINGS), "operation", "operation_not_allowed");
    assertRefused(asking("GET models", EMBEDDINGS, OPEN), "operation", "token_restricted");
    assertThat(CallExplanation.of(asking("POST embeddings", EMBEDDINGS, OPEN)).reason()).isEmpty();
  }

  @Test
  void an_operation_that_is_not_lent_is_nobodys_limit() {
    CallQuestion question =
        question(
            Optional.of(
                new AskedOperation("DELETE", "files/x", false, Optional.empty(), Optional.empty())),
            Optional.empty(),
            EMBEDDINGS,
            OPEN,
            OptionalInt.empty(),
            Reach.UNKNOWN);

    assertRefused(question, "operation", "operation_not_allowed");
  }

  @Test
  void storage_that_is_not_lent_says_who_could_lend_it() {
    StorageKinds files = StorageKinds.of(List.of("files"));
    CallLimits narrow = storing(StorageKinds.NONE);

    assertRefused(storing(StorageKinds.NONE, OPEN, OPEN), "operation", "storage_not_lent");
    assertThat(why(storing(StorageKinds.NONE, OPEN, OPEN))).contains("the service does not lend");
    assertRefused(storing(files, narrow, narrow), "operation", "storage_not_lent");
    assertThat(why(storing(files, narrow, narrow))).contains("limits on this service", "files");
    assertThat(why(storing(files, narrow, OPEN))).contains("limits of the access token", "files");
    CallExplanation passes = CallExplanation.of(storing(files, OPEN, OPEN));
    assertThat(passes.reason()).isEmpty();
    assertThat(passes.steps().getLast().rule()).isEqualTo("object");
    assertRefused(storing(files, EMBEDDINGS, EMBEDDINGS), "operation", "operation_not_allowed");
    assertRefused(storing(files, EMBEDDINGS, OPEN), "operation", "token_restricted");
  }

  /** What is stored with one's own key needs nobody's storage. Who has such a key is not told. */
  @Test
  void storage_is_asked_for_only_of_calls_with_a_key_that_others_use() {
    EveryCase.of(
        Candidates.all(),
        given -> {
          CallExplanation told =
              CallExplanation.of(storing(given, true, StorageKinds.NONE, OPEN, OPEN));
          Optional<KeySource> source = KeyDecision.decide(given).source();
          if (source.isPresent()) {
            assertThat(told.reason())
                .isEqualTo(
                    source.get() == KeySource.USER
                        ? Optional.empty()
                        : Optional.of("storage_not_lent"));
          }
          KeyCandidates without = given.withoutUserKey();
          assertThat(CallExplanation.of(storing(given, false, StorageKinds.NONE, OPEN, OPEN)))
              .isEqualTo(
                  CallExplanation.of(storing(without, false, StorageKinds.NONE, OPEN, OPEN)));
        });
  }

  private static String why(CallQuestion question) {
    return CallExplanation.of(question).steps().getLast().why();
  }

  private static CallLimits storing(StorageKinds kinds) {
    return new CallLimits(
        List.of(
            new CallLimits.Account(
                "token:" + new UUID(0, 1),
                Limits.NONE.with(StorageLimits.of(kinds)),
                CallLimits.Kind.TOKEN,
                true)));
  }

  private static CallQuestion storing(
      StorageKinds lent, CallLimits limits, CallLimits withoutToken) {
    return storing(CENTRAL, true, lent, limits, withoutToken);
  }

  private static CallQuestion storing(
      KeyCandidates key,
      boolean userKeyTold,
      StorageKinds lent,
      CallLimits limits,
      CallLimits withoutToken) {
    return new CallQuestion(
        key,
        userKeyTold,
        true,
        Optional.of(
            new AskedOperation(
                "GET",
                "files/file-1",
                false,
                Optional.of(new AskedStorage(ObjectKind.FILES, lent, true, Optional.empty())),
                Optional.empty())),
        Optional.empty(),
        limits,
        withoutToken,
        OptionalInt.empty(),
        Optional.empty(),
        Reach.ALLOWED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void a_model_a_rate_and_a_destination_are_asked_for_after_the_key() {
    assertRefused(about("large", SMALL, SMALL), "model", "model_not_allowed");
    assertRefused(about("large", SMALL, OPEN), "model", "token_restricted");
    assertThat(CallExplanation.of(about("small-1", SMALL, SMALL)).reason()).isEmpty();
    assertRefused(
        question(
            Optional.empty(), Optional.empty(), OPEN, OPEN, OptionalInt.of(0), Reach.NOT_ALLOWED),
        "rate",
        "rate_limited");
    assertRefused(
        question(
            Optional.empty(), Optional.empty(), OPEN, OPEN, OptionalInt.of(1), Reach.NOT_ALLOWED),
        "destination",
        "destination_not_allowed");
  }

  @Test
  void a_limit_on_the_pace_is_named_unless_the_rate_is_used_up() {
    assertThat(rate(OptionalInt.empty()))
        .isEqualTo("rate_limited The limit of 2 concurrent calls is used up.");
    assertThat(rate(OptionalInt.of(1)))
        .isEqualTo("rate_limited The limit of 2 concurrent calls is used up.");
    assertThat(rate(OptionalInt.of(0)))
        .isEqualTo("rate_limited All requests that are allowed per minute have been made.");
  }

  private static String rate(OptionalInt left) {
    CallExplanation.Step last =
        CallExplanation.of(
                new CallQuestion(
                    CENTRAL,
                    true,
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    OPEN,
                    OPEN,
                    left,
                    Optional.of(
                        new CallLimits.PaceMeter("a", PaceKind.CONCURRENT, 2, true).sentence()),
                    Reach.ALLOWED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
            .steps()
            .getLast();
    return last.outcome() + " " + last.why();
  }

  @Test
  void a_call_by_the_share_of_a_group_names_the_group() {
    CallQuestion byGroup =
        new CallQuestion(
            CENTRAL,
            true,
            true,
            Optional.empty(),
            Optional.empty(),
            OPEN,
            OPEN,
            OptionalInt.empty(),
            Optional.empty(),
            Reach.ALLOWED,
            Optional.of("@research"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(CallExplanation.of(byGroup).steps().get(0).why())
        .isEqualTo("The user may use the service by group @research.");
  }

  @Test
  void who_may_not_know_the_groups_of_the_user_is_told_that_limits_are_left_out() {
    CallExplanation passes = CallExplanation.of(ofLender(CENTRAL));
    CallExplanation refused = CallExplanation.of(ofLender(NOT_PERMITTED));

    assertThat(passes.reason()).isEmpty();
    assertThat(passes.steps())
        .contains(
            new Step(
                "user_limits",
                "not_told",
                "Limits that administrators set for this user are not told."));
    assertThat(refused.reason()).contains("not_permitted");
    assertThat(refused.steps().getLast().why())
        .contains("or only as a member of a group whose members you don't see");
    assertThat(CallExplanation.of(about(NOT_PERMITTED, false)).steps().getLast().why())
        .isEqualTo("The user may not use the service.");
    assertThat(CallExplanation.of(about(CENTRAL, false)).steps())
        .noneMatch(step -> step.rule().equals("user_limits"));
  }

  private static CallQuestion ofLender(KeyCandidates given) {
    return new CallQuestion(
        given,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        OPEN,
        OPEN,
        OptionalInt.empty(),
        Optional.empty(),
        Reach.ALLOWED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void assertRefused(CallQuestion question, String rule, String reason) {
    CallExplanation explanation = CallExplanation.of(question);

    assertThat(explanation.reason()).contains(reason);
    assertThat(explanation.source()).isEmpty();
    CallExplanation.Step last = explanation.steps().get(explanation.steps().size() - 1);
    assertThat(last.rule() + " " + last.outcome()).isEqualTo(rule + " " + reason);
  }

  private static CallQuestion about(KeyCandidates given, boolean userKeyTold) {
    return new CallQuestion(
        given,
        userKeyTold,
        true,
        Optional.empty(),
        Optional.empty(),
        OPEN,
        OPEN,
        OptionalInt.empty(),
        Optional.empty(),
        Reach.UNKNOWN,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void a_call_that_gets_no_token_is_refused_before_its_destination_is_asked() {
    CallQuestion usual = withToken(AskedToken.USUAL);
    CallQuestion refused =
        withToken(new AskedToken(Optional.of("credential_refused"), "At the step token: no"));

    assertThat(CallExplanation.of(usual).reason()).isEmpty();
    assertThat(CallExplanation.of(usual).steps().stream().map(Step::rule))
        .containsSubsequence("rate", "token", "destination");
    assertThat(CallExplanation.of(refused).reason()).contains("credential_refused");
    assertThat(CallExplanation.of(refused).steps().getLast())
        .isEqualTo(new Step("token", "credential_refused", "At the step token: no"));
  }

  private static CallQuestion withToken(AskedToken token) {
    return new CallQuestion(
        CENTRAL,
        true,
        true,
        Optional.empty(),
        Optional.empty(),
        OPEN,
        OPEN,
        OptionalInt.empty(),
        Optional.empty(),
        Reach.ALLOWED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(token));
  }

  @Test
  void an_operation_that_goes_over_a_web_socket_tells_what_holds_of_one() {
    CallQuestion.WebSocketTerms terms =
        new CallQuestion.WebSocketTerms(90, List.of("https://app.example.com"));
    CallExplanation told =
        CallExplanation.of(
            question(
                Optional.of(
                    new AskedOperation(
                        "GET", "realtime", true, Optional.empty(), Optional.of(terms))),
                Optional.empty(),
                OPEN,
                OPEN,
                OptionalInt.empty(),
                Reach.ALLOWED));
    assertThat(told.reason()).isEmpty();
    assertThat(told.steps().getLast().rule()).isEqualTo("web_socket");
    assertThat(told.steps().getLast().why())
        .contains("90 minutes", "if their origin is https://app.example.com.");
  }

  private static CallQuestion asking(String operation, CallLimits all, CallLimits withoutToken) {
    Operation asked = new Operation(operation);
    return question(
        Optional.of(
            new AskedOperation(
                asked.method(), asked.path(), true, Optional.empty(), Optional.empty())),
        Optional.empty(),
        all,
        withoutToken,
        OptionalInt.empty(),
        Reach.ALLOWED);
  }

  private static CallQuestion about(String model, CallLimits all, CallLimits withoutToken) {
    return question(
        Optional.empty(),
        Optional.of(new ModelName(model)),
        all,
        withoutToken,
        OptionalInt.empty(),
        Reach.ALLOWED);
  }

  private static CallQuestion question(
      Optional<AskedOperation> operation,
      Optional<ModelName> model,
      CallLimits all,
      CallLimits withoutToken,
      OptionalInt left,
      Reach destination) {
    return new CallQuestion(
        CENTRAL,
        true,
        true,
        operation,
        model,
        all,
        withoutToken,
        left,
        Optional.empty(),
        destination,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
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
