package io.claviger.gateway.model;

import io.claviger.domain.ModelName;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call in a batch. The body of this call is read like the body of an ordinary call. {@link
 * #end} checks the rules for calls in a batch.
 */
final class BatchedCall {
  private final AskedModels models;
  private final JsonUseScan use;
  private final FoundReferences references;
  private final @Nullable CallerFieldScan caller;
  private final ObeyedCaps caps;

  /** Thrown if a request is not permitted in a batch. */
  static final class Faulty extends RuntimeException {
    private final Reason reason;

    Faulty(Reason reason) {
      super(reason.name(), null, false, false);
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }
  }

  /**
   * @throws Faulty with the reason {@code otherwise} if the condition is false
   */
  static void demand(boolean fulfilled, Reason otherwise) {
    if (!fulfilled) {
      throw new Faulty(otherwise);
    }
  }

  private BatchedCall(
      AskedModels models,
      JsonUseScan use,
      FoundReferences references,
      @Nullable CallerFieldScan caller,
      ObeyedCaps caps) {
    this.models = models;
    this.use = use;
    this.references = references;
    this.caller = caller;
    this.caps = caps;
  }

  /**
   * @param path the path of the operation, below the service
   * @param inPath the model in {@code path}
   * @param caps the settings that the provider is known to obey, such as a maximum of output tokens
   */
  static BatchedCall of(ProviderApi api, String path, Optional<String> inPath, ObeyedCaps caps) {
    return new BatchedCall(
        new AskedModels(inPath, false),
        new JsonUseScan(api, path, OperationKind.of("POST", path), inPath, true),
        new FoundReferences(api.objectPlaces()),
        CallerFieldScan.of(api, path),
        caps);
  }

  /**
   * Begins to read the body of the call.
   *
   * @return the receiver to which the scanner has to send its events while it reads the body
   */
  JsonEvents begin(JsonScanner scanner) {
    List<JsonPart> all =
        new ArrayList<>(List.of(new ModelScan(models), use, new ReferenceScan(references)));
    if (caller != null) {
      all.add(caller);
    }
    all.forEach(part -> part.begin(scanner));
    return new CallReading.SharedEvents(all);
  }

  /**
   * The scan for the fields of the body that name the caller; null if the operation has no such
   * fields.
   */
  @Nullable CallerFieldScan caller() {
    return caller;
  }

  /**
   * Returns the objects to which the body refers. This method is called only after the end of the
   * body.
   *
   * @throws Faulty if parsers might understand the references differently
   */
  RequestedObjects objects() {
    RequestedObjects objects = references.all();
    demand(objects.unclear().isEmpty(), Reason.UNCLEAR);
    return objects;
  }

  /**
   * Whether the gateway would send all members of the body to the provider. Must be called only
   * after the end of the body.
   */
  boolean leavesNothingOut() {
    return references.edits().isEmpty();
  }

  /** Whether the body names the same model as the path, or names no model. */
  boolean namesModelOfPath() {
    return models.all().isPresent();
  }

  /**
   * Ends the body.
   *
   * @param bytes the size of the whole body, in bytes
   * @return the requested use: the tokens and other things that the provider may charge for
   * @throws Faulty if the request can't be part of a batch
   */
  RequestedUse end(long bytes) {
    if (caller != null) {
      caller.complete();
      demand(caller.isClear(), Reason.UNCLEAR);
      demand(!caller.isBackground(), Reason.BACKGROUND);
    }
    Set<String> named = models.all().orElseThrow(() -> new Faulty(Reason.NO_MODEL));
    demand(named.stream().allMatch(ModelName::isValid), Reason.NO_MODEL);
    RequestedUse asked =
        use.use(bytes).at(caps, true).orElseThrow(() -> new Faulty(Reason.UNCLEAR));
    demand(!asked.streams(), Reason.STREAM);
    demand(asked.model().isKnown(), Reason.NO_MODEL);
    demand(!asked.asksForDearerTier(), Reason.TIER);
    // Answers do not state what further models have used, so nobody could be charged for them.
    demand(
        asked.others().isEmpty()
            && named.stream().allMatch(each -> asked.model().equals(UsageModel.called(each))),
        Reason.FURTHER_MODELS);
    return asked;
  }
}
