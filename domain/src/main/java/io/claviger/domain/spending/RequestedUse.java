package io.claviger.domain.spending;

import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request asks a provider to use, as far as its path and body say. Where two readers could
 * understand a body differently, the more expensive reading counts.
 *
 * @param model the provider's name of it; unknown where the request names none
 * @param kind what the operation uses at all
 * @param bodyBytes the size of the request's body, which are no fewer than its tokens. What a
 *     provider reads more than once counts as often as it is read: the query of a ranking, for
 *     example
 * @param statedOutput the most output tokens of one answer; empty where the request does not say
 * @param outputField the member of a body that states it; empty where the operation has none
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

  /** A request for one answer, of a body that says all there is to read. It is read once. */
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

  /** The same request of another model. */
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
   * What the request may use of one of the other models. The request says neither what it reads nor
   * how much it writes. So the model's context limit and largest output count in each round.
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

  /** The most output tokens of all answers; empty where the request does not say. */
  public OptionalLong statedOutputInAll() {
    if (!kind.answersInTokens()) {
      return OptionalLong.of(0);
    }
    return statedOutput.isEmpty()
        ? statedOutput
        : OptionalLong.of(Amounts.product(statedOutput.getAsLong(), answersInAll()));
  }

  /** How many answers the provider may write, those between its own tools' uses too. */
  long answersInAll() {
    return (long) answers * rounds;
  }

  /** How many images are asked for. */
  long images() {
    return kind == OperationKind.IMAGES ? answers : 0;
  }
}
