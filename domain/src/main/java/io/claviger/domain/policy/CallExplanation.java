package io.claviger.domain.policy;

import io.claviger.domain.ModelName;
import io.claviger.domain.WireNamed;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.CallQuestion.AskedCapacity;
import io.claviger.domain.policy.CallQuestion.AskedOperation;
import io.claviger.domain.policy.CallQuestion.AskedStorage;
import io.claviger.domain.policy.CallQuestion.AskedToken;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.domain.policy.CallQuestion.WebSocketTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The answer to the question whether a call would be permitted, with the checks that lead to the
 * answer. The gateway itself makes the same checks in the same order, with the same functions.
 *
 * @param source where the key for the call would come from; empty if the call would be refused or
 *     the asking person must not know it
 * @param reason the code of the reason for a refusal; empty if the call would be permitted
 * @param steps the checks and their results, in their order. If the call would be refused, the last
 *     check refuses it
 * @param limits the result of all limits together
 * @param requestsLeft the number of requests that the rates still allow; empty if no rate applies
 */
public record CallExplanation(
    Optional<KeySource> source,
    Optional<String> reason,
    List<Step> steps,
    EffectiveLimits limits,
    OptionalInt requestsLeft) {
  private static final String NEXT = "next";
  private static final String NOT_TOLD = "not_told";

  private static final Step LIMITS_OF_ADMINISTRATORS =
      new Step(
          CallRule.USER_LIMITS,
          NOT_TOLD,
          "Limits that administrators set for this user are not shown.");

  private static final String NOT_PERMITTED_OR_NOT_TOLD =
      "Either the user may not use the service, or the user has not called it yet and may use it"
          + " only as a member of a group whose members you don't see.";

  /**
   * The check of the object that the path names. The check's result is the same for every object,
   * because the asking person must not learn whether an object exists.
   */
  private static final Step OBJECT =
      Step.passed(
          CallRule.OBJECT,
          "A call can use objects that its caller made, and objects that the service's owners share"
              + " with the caller. For any other object, the answer is object_not_found, whether"
              + " the object exists or not. With a key of their own, callers can use everything in"
              + " their own account.");

  /** A rule that is applied by one of the checks. */
  public sealed interface Rule extends WireNamed permits KeyRule, CallRule {}

  /** The checks that are not rules about the key. */
  public enum CallRule implements Rule {
    OPERATION,
    /** The check of the limits that administrators set for users and groups. */
    USER_LIMITS,
    MODEL,
    RATE,
    CAPACITY,
    PRICE,
    BUDGET,
    TOKEN,
    DESTINATION,
    WEB_SOCKET,
    OBJECT
  }

  /**
   * One check and its result.
   *
   * @param outcome {@code next} if the call passes this check and the next check follows. If no
   *     check follows, the outcome is the key's source, the reason for the refusal, or {@code
   *     not_told} if the asking person may not know the outcome
   * @param why the human-readable reason
   */
  public record Step(Rule rule, String outcome, String why) {
    static Step passed(Rule rule, String why) {
      return new Step(rule, NEXT, why);
    }

    boolean refuses() {
      return !outcome.equals(NEXT) && !outcome.equals(NOT_TOLD);
    }
  }

  public CallExplanation {
    steps = List.copyOf(steps);
  }

  public static CallExplanation of(CallQuestion asked) {
    List<Step> steps = new ArrayList<>();
    Optional<String> reason = Optional.empty();
    Optional<KeySource> source = Optional.empty();
    for (KeyExplanation.Step key : KeyExplanation.of(asked.key()).steps()) {
      if (key.rule() == KeyRule.KEYLESS) {
        reason = add(beforeTheKey(asked), steps);
      }
      if (reason.isPresent()) {
        break;
      }
      if (key.rule() == KeyRule.USER_KEY && isHidden(asked)) {
        steps.add(
            new Step(
                key.rule(),
                NOT_TOLD,
                "Users' own keys are on. Only the user may know whether they have one."));
        break;
      }
      steps.add(step(key, asked));
      source = key.decision().flatMap(KeyDecision::source);
      reason = key.decision().flatMap(KeyDecision::reason).map(NoKeyReason::wireName);
    }
    if (reason.isEmpty()) {
      reason = add(afterTheKey(asked), steps);
    }
    return new CallExplanation(
        reason.isPresent() ? Optional.empty() : source,
        reason,
        steps,
        asked.limits().effective(),
        asked.requestsLeft());
  }

  private static boolean isHidden(CallQuestion asked) {
    return !asked.userKeyTold() && asked.key().policy().userKeys();
  }

  /**
   * Adds checks up to the first one that refuses the call. Returns the reason for this refusal;
   * empty if no check refuses the call.
   */
  private static Optional<String> add(List<Step> more, List<Step> steps) {
    for (Step step : more) {
      steps.add(step);
      if (step.refuses()) {
        return Optional.of(step.outcome());
      }
    }
    return Optional.empty();
  }

  private static Step step(KeyExplanation.Step key, CallQuestion asked) {
    return new Step(
        key.rule(),
        key.decision().map(KeyDecision::wireName).orElse(NEXT),
        key.rule() == KeyRule.USE ? whyUsed(key, asked) : key.why());
  }

  private static String whyUsed(KeyExplanation.Step key, CallQuestion asked) {
    if (key.decision().isEmpty()) {
      return asked.via().map(CallExplanation::byGroup).orElse(key.why());
    }
    return asked.groupsTold() ? key.why() : NOT_PERMITTED_OR_NOT_TOLD;
  }

  private static String byGroup(String group) {
    return "The user may use the service by group " + group + ".";
  }

  private static List<Step> beforeTheKey(CallQuestion asked) {
    return asked
        .operation()
        .map(
            operation ->
                operation
                    .storage()
                    .map(storage -> stored(asked, operation, storage))
                    .orElseGet(() -> operation(asked, operation)))
        .stream()
        .toList();
  }

  /**
   * Checks an operation on stored objects. The operation needs no lent storage if the user's own
   * key is used, because the call then reaches the user's own account.
   */
  private static Step stored(CallQuestion asked, AskedOperation operation, AskedStorage storage) {
    boolean own = KeyDecision.decide(asked.key()).source().equals(Optional.of(KeySource.USER));
    boolean mayBeOwn = isHidden(asked);
    OperationDecision decision = decide(operation, storage, asked.limits(), own && !mayBeOwn);
    if (decision == OperationDecision.STORAGE_NOT_LENT && mayBeOwn) {
      return new Step(
          CallRule.OPERATION,
          NOT_TOLD,
          "The storage that this operation needs is not lent, so only users with a key of their own"
              + " may call it. Only the user may know whether they have one.");
    }
    return switch (decision) {
      case ALLOWED ->
          Step.passed(
              CallRule.OPERATION,
              own && !mayBeOwn
                  ? "With their own key, the user stores things in their own account."
                  : "Storage of the kind %s is lent, and the limits allow the operation."
                      .formatted(storage.kind().wireName()));
      case STORAGE_NOT_LENT ->
          new Step(CallRule.OPERATION, "storage_not_lent", notLent(asked, operation, storage));
      case NOT_LENT, BEYOND_LIMITS ->
          beyondLimits(
              decide(operation, storage, asked.withoutToken(), own) == OperationDecision.ALLOWED);
    };
  }

  private static String notLent(
      CallQuestion asked, AskedOperation operation, AskedStorage storage) {
    String kind = storage.kind().wireName();
    if (storage.neverLent().isPresent()) {
      return storage.neverLent().get();
    }
    if (!storage.lent().kinds().contains(storage.kind())) {
      return ("This operation needs storage of the kind %1$s, which the service does not lend. Its"
              + " owners add %1$s to storage in its settings.")
          .formatted(kind);
    }
    return (decide(operation, storage, asked.withoutToken(), false)
                == OperationDecision.STORAGE_NOT_LENT
            ? "The limits on this service do not allow storage of the kind %s, which this operation"
                + " needs. Whoever shares the service with the user can change them."
            : "The limits of the access token do not allow storage of the kind %s, which this"
                + " operation needs. Whoever made the token can change them.")
        .formatted(kind);
  }

  private static OperationDecision decide(
      AskedOperation operation, AskedStorage storage, CallLimits limits, boolean own) {
    StorageKinds lent = limits.storage().kinds().map(storage.lent()::and).orElse(storage.lent());
    return OperationDecision.decide(
        storage.kind(),
        own ? Optional.empty() : Optional.of(new Isolation(lent.kinds())),
        storage.neverLent().isPresent(),
        limits,
        operation.method(),
        operation.path());
  }

  private static Step beyondLimits(boolean byTokenAlone) {
    return byTokenAlone
        ? new Step(
            CallRule.OPERATION,
            "token_restricted",
            "The limits of the access token do not allow this operation.")
        : new Step(
            CallRule.OPERATION,
            "operation_not_allowed",
            "The limits on this service do not allow this operation.");
  }

  private static Step operation(CallQuestion asked, AskedOperation operation) {
    return switch (decide(operation, asked.limits())) {
      case ALLOWED ->
          Step.passed(
              CallRule.OPERATION, "The API standard has the operation, and the limits allow it.");
      case NOT_LENT, STORAGE_NOT_LENT ->
          new Step(
              CallRule.OPERATION,
              "operation_not_allowed",
              "The API standard of the service does not have this operation.");
      case BEYOND_LIMITS ->
          beyondLimits(decide(operation, asked.withoutToken()) == OperationDecision.ALLOWED);
    };
  }

  private static OperationDecision decide(AskedOperation operation, CallLimits limits) {
    return OperationDecision.decide(operation.lent(), limits, operation.method(), operation.path());
  }

  private static List<Step> afterTheKey(CallQuestion asked) {
    List<Step> steps = new ArrayList<>();
    if (!asked.groupsTold()) {
      steps.add(LIMITS_OF_ADMINISTRATORS);
    }
    asked.model().ifPresent(model -> steps.add(model(asked, model.value())));
    steps.add(rate(asked));
    asked.capacity().ifPresent(capacity -> steps.add(capacity(capacity)));
    if (!asked.limits().budgets().isEmpty()) {
      steps.add(price(asked.withoutPrice()));
      steps.add(budget(asked.usedUp()));
    }
    asked.token().ifPresent(token -> steps.add(token(token)));
    steps.add(destination(asked.destination()));
    asked
        .operation()
        .flatMap(AskedOperation::webSocket)
        .ifPresent(terms -> steps.add(webSocket(terms)));
    asked
        .operation()
        .flatMap(AskedOperation::storage)
        .filter(AskedStorage::namesObject)
        .ifPresent(storage -> steps.add(OBJECT));
    return steps;
  }

  /**
   * Returns the check of a WebSocket. The check lists the permitted origins of web pages, because
   * the origin of a future call is not known.
   */
  private static Step webSocket(WebSocketTerms terms) {
    String pages =
        terms.origins().isEmpty()
            ? "Web pages of any origin may open the WebSocket."
            : "Web pages may open the WebSocket if their origin is "
                + String.join(" or ", terms.origins())
                + ".";
    return Step.passed(
        CallRule.WEB_SOCKET,
        "A WebSocket may stay open for %d minutes, and each response is checked separately. %s"
            .formatted(terms.minutes(), pages));
  }

  private static Step model(CallQuestion asked, String model) {
    if (asked.limits().allowModel(model)) {
      return Step.passed(CallRule.MODEL, "The limits allow this model.");
    }
    return asked.withoutToken().allowModel(model)
        ? new Step(
            CallRule.MODEL,
            "token_restricted",
            "The limits of the access token do not allow this model.")
        : new Step(
            CallRule.MODEL,
            "model_not_allowed",
            "The limits on this service do not allow this model.");
  }

  private static Step rate(CallQuestion asked) {
    OptionalInt left = asked.requestsLeft();
    Optional<String> usedUp = asked.usedUpRate();
    if (usedUp.isPresent() && left.orElse(1) > 0) {
      return new Step(CallRule.RATE, "rate_limited", usedUp.get());
    }
    if (left.isEmpty()) {
      return Step.passed(
          CallRule.RATE,
          asked.limits().meters().isEmpty()
              ? "No limit applies to the requests per minute."
              : "The shared limits on requests per minute are not used up.");
    }
    return left.getAsInt() > 0
        ? Step.passed(CallRule.RATE, "Some of the requests that are allowed per minute are left.")
        : new Step(
            CallRule.RATE,
            "rate_limited",
            "All requests that are allowed per minute have been made.");
  }

  /**
   * Returns the check of the provider's limits. This check never refuses the call, because calls
   * that have to wait are not refused.
   */
  private static Step capacity(AskedCapacity asked) {
    StringBuilder why = new StringBuilder();
    int calls = asked.waiting();
    if (asked.own()) {
      why.append(
          calls == 1
              ? "One of your calls waits for the provider's limits, and goes out before a new one."
              : calls
                  + " of your calls wait for the provider's limits, and go out before a new one.");
    } else if (calls == 0) {
      why.append("No call waits for the provider's limits.");
    } else {
      why.append(calls == 1 ? "1 call waits" : calls + " calls wait")
          .append(" for the provider's limits, and ")
          .append(calls == 1 ? "goes" : "go")
          .append(" out before a new one. This counts all borrowers together.");
    }
    if (!asked.allowed().isEmpty()) {
      why.append(" The provider allows ").append(String.join(", ", asked.allowed())).append('.');
    }
    return Step.passed(CallRule.CAPACITY, why.toString());
  }

  private static Step price(Optional<ModelName> without) {
    return without
        .map(
            model ->
                new Step(
                    CallRule.PRICE,
                    "model_has_no_price",
                    ("A budget here counts dollars, and %1$s has no price. Calls are refused until"
                            + " %1$s has one: the service's owner sets it on the service's page"
                            + " Prices, and an operator imports lists with claviger prices import.")
                        .formatted(model.value())))
        .orElseGet(
            () ->
                Step.passed(
                    CallRule.PRICE, "No budget refuses the model because of a missing price."));
  }

  private static Step budget(Optional<String> usedUp) {
    return usedUp
        .map(why -> new Step(CallRule.BUDGET, "budget_exhausted", why))
        .orElseGet(
            () ->
                Step.passed(
                    CallRule.BUDGET,
                    "The budgets are not used up. Each call checks whether enough is left for it."));
  }

  private static Step token(AskedToken asked) {
    return asked
        .refusal()
        .map(code -> new Step(CallRule.TOKEN, code, asked.why()))
        .orElseGet(
            () ->
                Step.passed(
                    CallRule.TOKEN,
                    "Calls need a minted token. This node knows of no failure to mint one. A"
                        + " connection check tries to mint one."));
  }

  private static Step destination(Reach reach) {
    return switch (reach) {
      case ALLOWED -> Step.passed(CallRule.DESTINATION, "The gateway connects to this endpoint.");
      case UNKNOWN ->
          Step.passed(
              CallRule.DESTINATION,
              "Each call looks up the address of the endpoint's name. A connection check does the"
                  + " same.");
      case NOT_ALLOWED ->
          new Step(
              CallRule.DESTINATION,
              "destination_not_allowed",
              "The gateway does not connect to this endpoint's address, or connects only with TLS."
                  + " The operator allows private addresses in CLAVIGER_ALLOWED_PRIVATE_HOSTS.");
    };
  }
}
