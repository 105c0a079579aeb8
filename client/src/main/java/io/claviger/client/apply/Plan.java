package io.claviger.client.apply;

import io.claviger.client.apply.DesiredState.DesiredResource;
import io.claviger.client.apply.DesiredState.KeyReference;
import io.claviger.client.apply.PlanStep.Action;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The steps from the server's state to the state in a file. Each step comes after the steps that
 * create the resources to which it refers. If only some steps are carried out, the next plan
 * contains the remaining steps.
 *
 * @param unchanged the number of resources on the server that match the file already
 * @param kept the shares and members that exist on the server but not in the file. These shares and
 *     members are not deleted, because this file did not create them
 */
record Plan(List<PlanStep> steps, int unchanged, List<KeptResource> kept) {
  private static final String LONG_CONTEXT = "long_context";
  private static final String THRESHOLDS = "thresholds";
  private static final String DEPENDS_ON = "depends_on";
  private static final String APPLIED_BY = "applied_by";

  /** The fields of a co-owner's share within which the co-owner gives shares. */
  private static final Set<String> BOUNDS =
      Set.of("role", "may_reshare", "to_everybody", "expires_at", "limits");

  /**
   * The fields of a price that a write leaves out: the provider is a part of the request's path,
   * and the server derives the long context from the thresholds.
   */
  private static final Set<String> LEFT_OUT = Set.of("provider", LONG_CONTEXT);

  Plan {
    steps = List.copyOf(steps);
    kept = List.copyOf(kept);
  }

  /**
   * A share or member that the file lacks, but that is not deleted.
   *
   * @param appliedBy the name of the file that created the share or member; empty if somebody
   *     created it by hand
   * @param coOwner the step that deletes or narrows the share of the co-owner on whom this share
   *     depends; empty if there is no such step
   */
  record KeptResource(ResourceKey key, Optional<String> appliedBy, Optional<PlanStep> coOwner) {
    /**
     * Returns the co-owner who is no longer a co-owner after the plan, so that this share ends;
     * empty if there is none.
     */
    Optional<String> endsWith() {
      return coOwner
          .filter(step -> step.action() == Action.DELETE || step.body().has("role"))
          .map(step -> step.key().name());
    }
  }

  /**
   * Makes a plan.
   *
   * @param prune whether to delete resources that an earlier file of the same name created and that
   *     this file lacks
   * @param confirmed the function that tells whether the user has agreed to send a service's keys
   *     to an endpoint
   * @param faults the receiver of the faults that prevent a plan
   */
  static Plan of(
      DesiredState desired,
      ActualState current,
      boolean prune,
      BiPredicate<String, String> confirmed,
      FileFaults faults) {
    List<PlanStep> steps = new ArrayList<>();
    int unchanged = 0;
    for (DesiredResource entry : desired.resources().values()) {
      Optional<PlanStep> step = step(entry, desired, current, confirmed, faults);
      step.ifPresent(steps::add);
      unchanged += step.isEmpty() ? 1 : 0;
    }
    steps.sort(ORDER);
    List<KeptResource> kept = new ArrayList<>();
    if (prune) {
      current.resources().keySet().stream()
          .filter(key -> isLeftOver(key, desired, current))
          .sorted(WriteOrder.OF_KEYS.reversed())
          .map(key -> deletion(key, current))
          .forEach(steps::add);
      current.resources().keySet().stream()
          .filter(key -> isKept(key, desired, current))
          .sorted(WriteOrder.OF_KEYS)
          .map(
              key ->
                  new KeptResource(
                      key, appliedBy(key, current), stepOfCoOwner(key, current, steps)))
          .forEach(kept::add);
    }
    return new Plan(steps, unchanged, kept);
  }

  /**
   * The new default model is written after all other models, because this write also changes the
   * former default model. Shares that depend on a co-owner are given again before any other share
   * is changed, because they could end with a change of the co-owner's own share.
   */
  private static final Comparator<PlanStep> ORDER =
      Comparator.comparing((PlanStep step) -> step.key().kind())
          .thenComparing(step -> !isGivenAgain(step))
          .thenComparing(step -> step.body().path("is_default").asBoolean(false))
          .thenComparing(PlanStep::key, WriteOrder.OF_KEYS);

  private static Optional<PlanStep> step(
      DesiredResource entry,
      DesiredState desired,
      ActualState state,
      BiPredicate<String, String> confirmed,
      FileFaults faults) {
    ResourceKey key = entry.key();
    ObjectNode fields = entry.fields().deepCopy();
    if (key.kind().bearsName() && desired.mayDelete(key)) {
      fields.put(APPLIED_BY, desired.name());
    }
    if (key.kind() == ResourceKind.SERVICE_SHARE && isForEverybody(key.parent(), desired, state)) {
      faults.add(
          entry.position(),
          "everybody can use what belongs to _system; it is shared only if its `audience` is "
              + "`shared`");
    }
    Optional<ObjectNode> current = state.find(key);
    JsonNode now = current.isPresent() ? current.get() : JsonTrees.object();
    if (key.kind() == ResourceKind.PRICE) {
      moveLongContext(fields, now);
    }
    Optional<PlanStep.SecretDelivery> secrets =
        SecretDeliveries.of(
            entry, fields, current, new Endpoints(desired, state), confirmed, faults);
    List<FieldChange> changes = new ArrayList<>(Differences.between(fields, now));
    Optional<String> coOwner = dependsOnAnother(key, desired, state);
    if (coOwner.isPresent()
        && !isGivenAsOwner(key, desired, state)
        && changes.stream().allMatch(change -> change.field().equals(APPLIED_BY))) {
      // The server could refuse to let a co-owner give another co-owner's share again, so a
      // co-owner's file does not do that for its name alone.
      changes.clear();
    }
    boolean keyed = now.path("credential").path("kind").asString("api_key").equals("api_key");
    coOwner
        .filter(name -> isGivenAsOwner(key, desired, state))
        .ifPresent(
            name ->
                changes.add(
                    new FieldChange(DEPENDS_ON, JsonTrees.object().stringNode(name), nothing())));
    if (current.isPresent()
        && entry.secrets().clearsKey()
        && keyed
        && now.path("has_api_key").asBoolean()) {
      changes.add(new FieldChange("api_key", JsonTrees.object().stringNode("a key"), nothing()));
    }
    if (current.isPresent() && changes.isEmpty() && secrets.isEmpty()) {
      return Optional.empty();
    }
    Action action = current.isPresent() ? Action.CHANGE : Action.CREATE;
    boolean whole = action == Action.CREATE || !key.kind().isMerged();
    ObjectNode body = whole ? completed(key.kind(), fields, now) : changed(fields, changes);
    if (changes.stream().anyMatch(change -> change.field().equals("api_key"))) {
      body.putNull("api_key");
    }
    secrets.ifPresent(
        delivery -> {
          body.put("endpoint", delivery.endpoint());
          if (delivery.key().filter(KeyReference::inCredential).isPresent()) {
            // A write replaces the whole credential.
            body.set("credential", fields.get("credential"));
          }
        });
    return Optional.of(new PlanStep(action, key, changes, body, current, secrets));
  }

  /**
   * Whether everybody may use a service as soon as the file has been applied. A service for
   * everybody has no shares.
   */
  private static boolean isForEverybody(
      ResourceKey service, DesiredState desired, ActualState state) {
    return service.isOfSystem()
        && Stream.of(
                Optional.ofNullable(desired.resources().get(service)).map(DesiredResource::fields),
                state.find(service))
            .flatMap(Optional::stream)
            .flatMap(fields -> JsonTrees.optional(fields, "audience").stream())
            .findFirst()
            .filter("shared"::equals)
            .isEmpty();
  }

  /**
   * Replaces the field {@code long_context} by {@code thresholds}, with the long context as the
   * first threshold. The server's other thresholds stay. If {@code long_context} is null, no
   * thresholds remain. If the file states {@code thresholds} itself, nothing is changed.
   */
  private static void moveLongContext(ObjectNode fields, JsonNode now) {
    if (!fields.has(LONG_CONTEXT) || fields.has(THRESHOLDS)) {
      return;
    }
    JsonNode first = fields.remove(LONG_CONTEXT);
    ArrayNode thresholds = fields.putArray(THRESHOLDS);
    if (!first.isNull()) {
      thresholds.add(first);
      now.path(THRESHOLDS).values().stream().skip(1).forEach(thresholds::add);
    }
  }

  /**
   * Completes limits, shared objects, providers and prices. A write replaces all their fields, so
   * it must repeat the fields that the file does not mention.
   */
  private static ObjectNode completed(ResourceKind kind, ObjectNode fields, JsonNode now) {
    if (kind == ResourceKind.SHARED_OBJECT) {
      // Without the list of borrowers, a write would share the object with everybody who may use
      // the service. So if the file does not mention this list, the list is sent as it is on the
      // server.
      for (String name : List.of("access", "borrowers")) {
        if (!fields.has(name) && now.has(name)) {
          fields.set(name, now.get(name));
        }
      }
    }
    if (kind.isLimits() || kind == ResourceKind.PROVIDER || kind == ResourceKind.PRICE) {
      for (String name : kind.schema().fields().keySet()) {
        if (!name.equals(kind.nameField())
            && !LEFT_OUT.contains(name)
            && !fields.has(name)
            && now.has(name)) {
          fields.set(name, now.get(name));
        }
      }
    }
    return fields;
  }

  private static JsonNode nothing() {
    return JsonTrees.object().nullNode();
  }

  /**
   * Returns the fields of the request for a change: the changed fields, and the fields that must be
   * sent with them.
   */
  private static ObjectNode changed(ObjectNode fields, List<FieldChange> changes) {
    ObjectNode body = JsonTrees.object();
    for (FieldChange change : changes) {
      JsonNode value = fields.get(change.outer());
      if (value != null) {
        body.set(change.outer(), value);
      }
    }
    JsonNode allowed = fields.get("allow_dimension_change");
    if (allowed != null && body.has("service")) {
      body.set("allow_dimension_change", allowed);
    }
    JsonNode same = fields.get("same_account");
    if (same != null) {
      body.set("same_account", same);
    }
    return body;
  }

  private static boolean isLeftOver(ResourceKey key, DesiredState desired, ActualState current) {
    return isMissing(key, desired) && isApplied(key, desired, current) && desired.mayDelete(key);
  }

  private static boolean isKept(ResourceKey key, DesiredState desired, ActualState current) {
    return key.kind().parent().isPresent()
        && isMissing(key, desired)
        && !isApplied(key, desired, current);
  }

  /**
   * Whether the file lacks a resource that exists on the server. A file lists either all parts of a
   * kind (such as the shares or members of a resource) or none of them. So a part counts as missing
   * only if the file has the list for parts of this kind.
   */
  private static boolean isMissing(ResourceKey key, DesiredState desired) {
    return key.kind().bearsName()
        && !desired.resources().containsKey(key)
        && (key.kind().parent().isEmpty() || desired.complete().contains(key.list()));
  }

  private static boolean isApplied(ResourceKey key, DesiredState desired, ActualState current) {
    return appliedBy(key, current).filter(desired.name()::equals).isPresent();
  }

  /**
   * Whether a step gives a share in the name of the user who applies the file, so that the share no
   * longer depends on a co-owner.
   */
  static boolean isGivenAgain(PlanStep step) {
    return step.changes().stream().anyMatch(change -> change.field().equals(DEPENDS_ON));
  }

  /**
   * Whether a share that the user gives depends on no co-owner: the user owns the service, or is an
   * administrator.
   */
  private static boolean isGivenAsOwner(
      ResourceKey share, DesiredState desired, ActualState current) {
    return desired.mayDelete(share.parent()) || current.administrator();
  }

  /**
   * Returns the co-owner with whose own share a share ends. Empty if the user who applies the file
   * is this co-owner, or if the share depends on nobody.
   */
  private static Optional<String> dependsOnAnother(
      ResourceKey key, DesiredState desired, ActualState current) {
    return current
        .find(key)
        .flatMap(resource -> JsonTrees.optional(resource, DEPENDS_ON))
        .filter(coOwner -> !coOwner.equals(desired.user()));
  }

  /** Returns the name of the file that created a resource; empty if somebody created it by hand. */
  private static Optional<String> appliedBy(ResourceKey key, ActualState current) {
    return current.find(key).flatMap(resource -> JsonTrees.optional(resource, APPLIED_BY));
  }

  /**
   * Returns the step that deletes the share of the co-owner on whom a share depends, or changes it
   * in a way that could end this share.
   */
  private static Optional<PlanStep> stepOfCoOwner(
      ResourceKey key, ActualState current, List<PlanStep> steps) {
    Optional<ResourceKey> own =
        current
            .find(key)
            .flatMap(share -> JsonTrees.optional(share, DEPENDS_ON))
            .map(coOwner -> new ResourceKey(key.kind(), key.of(), coOwner));
    return steps.stream()
        .filter(step -> own.equals(Optional.of(step.key())))
        .filter(
            step ->
                step.action() == Action.DELETE
                    || step.changes().stream().anyMatch(change -> BOUNDS.contains(change.outer())))
        .findFirst();
  }

  private static PlanStep deletion(ResourceKey key, ActualState current) {
    return new PlanStep(
        Action.DELETE, key, List.of(), JsonTrees.object(), current.find(key), Optional.empty());
  }
}
