package io.claviger.domain.spending;

import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request asks a provider to use, according to its path and body. If two readers could
 * understand a body differently, the more expensive reading counts.
 *
 * @param model the provider's name of the model; unknown if the request names none
 * @param kind the kinds of tokens that the operation uses
 * @param bodyBytes the size of the request's body, which has no more tokens than bytes. What a
 *     provider reads more than once, such as the query of a ranking, counts as often as it is read
 * @param statedOutput the most output tokens of one answer; empty if the request does not state it
 * @param outputField the member of a body that states it; empty if the operation has none
 * @param answers how many answers are asked for, 1 or more: by {@code n}, {@code best_of} or {@code
 *     candidateCount}, and for each prompt of several
 * @param refersElsewhere whether the input is more than what the body holds as text: stored
 *     conversations and files, or media, whose tokens are not bounded by their bytes
 * @param rounds how often the provider may read the input: once, and again for each use of a
 *     server's tool that the request allows
 * @param unboundedTools whether the provider may use tools of its own as often as it likes
 * @param streams whether the answer is to be streamed
 * @param others models that the request names besides its own, for tools of the provider for
 *     example; at most {@value #MOST_OTHERS}
 */
public record RequestedUse(
    UsageModel model,
    OperationKind kind,
    long bodyBytes,
    OptionalLong statedOutput,
    Optional<String> outputField,
    int answers,
    boolean refersElsewhere,
    int rounds,
    boolean unboundedTools,
    boolean streams,
    Set<UsageModel> others) {
  /** The most models that a request names besides its own. */
  public static final int MOST_OTHERS = 8;

  /** The most answers or rounds that are counted. */
  public static final int MOST = 1_000_000;

  public RequestedUse {
    if (bodyBytes < 0 || statedOutput.orElse(0) < 0) {
      throw new IllegalArgumentException("sizes are not negative");
    }
    if (answers < 1 || answers > MOST || rounds < 1 || rounds > MOST) {
      throw new IllegalArgumentException("at least one, at most " + MOST);
    }
    others = Set.copyOf(others);
    if (others.size() > MOST_OTHERS) {
      throw new IllegalArgumentException("at most " + MOST_OTHERS + " other models");
    }
  }

  /** A request for one answer whose body contains everything that is read, once. */
  public static RequestedUse once(
      UsageModel model,
      OperationKind kind,
      long bodyBytes,
      OptionalLong statedOutput,
      Optional<String> outputField) {
    return new RequestedUse(
        model, kind, bodyBytes, statedOutput, outputField, 1, false, 1, false, false, Set.of());
  }

  /** A request that uses no tokens. */
  public static RequestedUse nothing(UsageModel model) {
    return once(model, OperationKind.NOTHING, 0, OptionalLong.empty(), Optional.empty());
  }

  /** Returns the same request for another model. */
  public RequestedUse of(UsageModel other) {
    return new RequestedUse(
        other,
        kind,
        bodyBytes,
        statedOutput,
        outputField,
        answers,
        refersElsewhere,
        rounds,
        unboundedTools,
        streams,
        others);
  }

  /**
   * What the request may use of one of the other models. The request does not say how much that
   * model reads and writes, so its context limit and output maximum count in each round.
   */
  public RequestedUse ofOther(UsageModel other) {
    return new RequestedUse(
        other,
        kind,
        bodyBytes,
        OptionalLong.empty(),
        Optional.empty(),
        answers,
        true,
        rounds,
        unboundedTools,
        streams,
        Set.of());
  }

  /** The most output tokens of all answers; empty if the request does not state it. */
  public OptionalLong statedOutputInAll() {
    if (!kind.answersInTokens()) {
      return OptionalLong.of(0);
    }
    return statedOutput.isEmpty()
        ? statedOutput
        : OptionalLong.of(Amounts.product(statedOutput.getAsLong(), answersInAll()));
  }

  /**
   * How often the provider may read the input. If it may use tools of its own as often as it likes,
   * an assumed number counts.
   */
  public long roundsAtMost() {
    return unboundedTools ? Math.max(rounds, UseBounds.ASSUMED_ROUNDS) : rounds;
  }

  /** How many answers the provider may write, including those between uses of its own tools. */
  long answersInAll() {
    return (long) answers * rounds;
  }

  /** How many images are asked for. */
  long images() {
    return kind == OperationKind.IMAGES ? answers : 0;
  }
}
