package io.claviger.domain.batches;

import io.claviger.domain.policy.ModelPattern;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The result of checking an uploaded file whose lines might become the requests of a batch. The
 * verdict does not depend on the caller's permissions, which are checked when the batch is created.
 *
 * @param requests the number of requests in the file
 * @param path the operation that all requests call, below the service; empty if there are no
 *     requests
 * @param models the models that the requests name, in the order of their first lines
 * @param firstStored the number of the first line whose result the provider would store as a
 *     response; empty if there is no such line
 * @param fault a fault that does not depend on the caller; empty if there is none. After such a
 *     fault, the file is not read any further
 */
public record BatchVerdict(
    int requests,
    String path,
    List<ModelUse> models,
    OptionalInt firstStored,
    Optional<BatchRefusal> fault) {
  /** The greatest number of requests in a file. */
  public static final int MOST_REQUESTS = 50_000;

  /** The greatest size of a line, in bytes. */
  public static final int LONGEST_LINE = 16 << 20;

  /** The greatest number of models in a file. */
  public static final int MOST_MODELS = 100;

  public BatchVerdict {
    models = List.copyOf(models);
    if (models.size() > MOST_MODELS) {
      throw new IllegalArgumentException("at most " + MOST_MODELS + " models");
    }
  }

  /** Creates the verdict on a file that can't be the input of a batch. */
  public static BatchVerdict of(BatchRefusal fault) {
    return new BatchVerdict(0, "", List.of(), OptionalInt.empty(), Optional.of(fault));
  }

  /**
   * The permissions of a caller for batches.
   *
   * @param operations the paths, below the service, of the operations that may be called
   * @param models the models that may be called; empty if all models may be called
   * @param storesResponses whether the provider may store responses for the caller
   */
  public record Terms(
      Set<String> operations, Optional<Set<ModelPattern>> models, boolean storesResponses) {
    public Terms {
      operations = Set.copyOf(operations);
    }
  }

  /**
   * Returns the reason why a caller may not create a batch from the file; empty if the caller may
   * create it.
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

  /**
   * Finds a request whose output maximum is missing or higher than a limit allows.
   *
   * @param most the limit: the maximum number of output tokens for all answers to one request
   *     together
   */
  public Optional<BeyondOutput> beyond(int most) {
    return models.stream()
        .flatMap(use -> BeyondOutput.of(use, most).stream())
        .min(Comparator.comparingInt(BeyondOutput::line));
  }

  /**
   * A request whose output maximum is missing or too high.
   *
   * @param line the number of the request's line, counted from 1
   * @param stated the output maximum that the request states; 0 if it states none
   */
  public record BeyondOutput(int line, long stated) {
    private static Optional<BeyondOutput> of(ModelUse use, int most) {
      if (use.firstUnstated() > 0) {
        return Optional.of(new BeyondOutput(use.firstUnstated(), 0));
      }
      return use.largestOutput() > most
          ? Optional.of(new BeyondOutput(use.largestLine(), use.largestOutput()))
          : Optional.empty();
    }
  }

  private static Optional<BatchRefusal> refused(int line, BatchRefusal.Reason reason) {
    return Optional.of(new BatchRefusal(line, reason));
  }
}
