package io.claviger.domain.batches;

import io.claviger.domain.policy.ModelPattern;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What Claviger found in an uploaded file whose lines may become the requests of a batch. It says
 * nothing about the caller's permissions, because those count at the time of the batch.
 *
 * @param requests how many requests the file has
 * @param path the operation that all of them call, below the service; empty if there is none
 * @param models the models that they name, in the order of their first lines
 * @param firstStored the first line whose result the provider would store as a response
 * @param fault what is wrong with the file, whoever sends it. The rest of it was not read
 */
public record BatchVerdict(
    int requests,
    String path,
    List<ModelUse> models,
    OptionalInt firstStored,
    Optional<BatchRefusal> fault) {
  /** The most requests of a file. */
  public static final int MOST_REQUESTS = 50_000;

  /** The most bytes of a line. */
  public static final int LONGEST_LINE = 16 << 20;

  /** The most models of a file. */
  public static final int MOST_MODELS = 100;

  /**
   * What the requests for one model ask for.
   *
   * @param firstLine the first line that names it
   * @param requests how many requests call it; 0 if they only name it besides another model
   * @param bytes the bytes of their bodies
   * @param output the most output tokens of all of them together; empty if one does not state it
   * @param largestOutput the most output tokens that one of them states; 0 if none does
   * @param firstUnbounded the first line whose input is more than the text of its body, or which
   *     lets the provider use tools of its own
   */
  public record ModelUse(
      String model,
      int firstLine,
      int requests,
      long bytes,
      OptionalLong output,
      long largestOutput,
      OptionalInt firstUnbounded) {}

  public BatchVerdict {
    models = List.copyOf(models);
    if (models.size() > MOST_MODELS) {
      throw new IllegalArgumentException("at most " + MOST_MODELS + " models");
    }
  }

  /** The verdict on a file that can't be the input of a batch. */
  public static BatchVerdict of(BatchRefusal fault) {
    return new BatchVerdict(0, "", List.of(), OptionalInt.empty(), Optional.of(fault));
  }

  /**
   * What a caller may do by a batch.
   *
   * @param operations the paths of the operations that may be called, below the service
   * @param models the models that may be asked for; empty if all may
   * @param storesResponses whether the provider may store responses for the caller
   */
  public record Terms(
      Set<String> operations, Optional<Set<ModelPattern>> models, boolean storesResponses) {
    public Terms {
      operations = Set.copyOf(operations);
    }
  }

  /**
   * Returns why a caller may not make a batch of the file; empty if they may.
   *
   * @param endpoint the operation that the batch is to call, below the service
   */
  public Optional<BatchRefusal> refusal(String endpoint, Terms terms) {
    if (fault.isPresent()) {
      return fault;
    }
    if (!path.equals(endpoint)) {
      return refused(1, BatchRefusal.Reason.ENDPOINT);
    }
    if (!terms.operations().contains(path)) {
      return refused(1, BatchRefusal.Reason.OPERATION);
    }
    Optional<ModelUse> beyond =
        terms
            .models()
            .flatMap(
                allowed ->
                    models.stream()
                        .filter(use -> !ModelPattern.anyMatches(allowed, use.model()))
                        .findFirst());
    if (beyond.isPresent()) {
      return refused(beyond.get().firstLine(), BatchRefusal.Reason.MODEL);
    }
    return firstStored.isPresent() && !terms.storesResponses()
        ? refused(firstStored.getAsInt(), BatchRefusal.Reason.STORED)
        : Optional.empty();
  }

  private static Optional<BatchRefusal> refused(int line, BatchRefusal.Reason reason) {
    return Optional.of(new BatchRefusal(line, reason));
  }
}
