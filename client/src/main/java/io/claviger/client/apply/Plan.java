package io.claviger.client.apply;

import io.claviger.client.apply.Step.Action;
import io.claviger.client.apply.WishedState.Entry;
import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The steps that turn what the server has into what a file says. They are ordered so that each step
 * finds what it refers to. If only some are done, the next plan has the rest.
 *
 * @param unchanged how many things are as the file says
 * @param kept shares and members that the list in the file lacks. They are not deleted, since this
 *     file did not make them
 */
record Plan(List<Step> steps, int unchanged, List<Kept> kept) {
  Plan {
    steps = List.copyOf(steps);
    kept = List.copyOf(kept);
  }

  /**
   * A share or a member that is not deleted.
   *
   * @param appliedBy the name of the file that gave it; empty if it was given by hand
   */
  record Kept(Key key, Optional<String> appliedBy) {}

  /**
   * Makes a plan.
   *
   * @param prune whether to delete what an earlier file of the same name made, and this file lacks
   * @param faults gets what can't be planned
   */
  static Plan of(WishedState wished, CurrentState current, boolean prune, FileFaults faults) {
    List<Step> steps = new ArrayList<>();
    int unchanged = 0;
    for (Entry entry : wished.entries().values()) {
      Optional<Step> step = step(entry, wished, current, faults);
      step.ifPresent(steps::add);
      unchanged += step.isEmpty() ? 1 : 0;
    }
    steps.sort(ORDER);
    List<Kept> kept = new ArrayList<>();
    if (prune) {
      current.things().keySet().stream()
          .filter(key -> isKept(key, wished, current))
          .sorted(Order.OF_KEYS)
          .map(key -> new Kept(key, appliedBy(key, current)))
          .forEach(kept::add);
      current.things().keySet().stream()
          .filter(key -> isLeftOver(key, wished, current))
          .sorted(Order.OF_KEYS.reversed())
          .map(key -> deletion(key, current))
          .forEach(steps::add);
    }
    return new Plan(steps, unchanged, kept);
  }

  /** The model that becomes the default is written last: it changes the one that was it before. */
  private static final Comparator<Step> ORDER =
      Comparator.comparing((Step step) -> step.key().kind())
          .thenComparing(step -> step.body().path("is_default").asBoolean(false))
          .thenComparing(Step::key, Order.OF_KEYS);

  private static Optional<Step> step(
      Entry entry, WishedState wished, CurrentState state, FileFaults faults) {
    Key key = entry.key();
    ObjectNode fields = entry.fields().deepCopy();
    if (key.kind().bearsName()) {
      fields.put("applied_by", wished.name());
    }
    Optional<ObjectNode> current = state.find(key);
    JsonNode now = current.isPresent() ? current.get() : JsonTrees.object();
    Optional<Step.Delivery> secrets =
        Deliveries.of(entry, fields, current, new Endpoints(wished, state), faults);
    List<FieldChange> changes = new ArrayList<>(Differences.between(fields, now));
    if (current.isPresent() && entry.secrets().clearsKey() && now.path("has_api_key").asBoolean()) {
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
    secrets.ifPresent(delivery -> body.put("endpoint", delivery.endpoint()));
    return Optional.of(new Step(action, key, changes, body, current, secrets));
  }

  /** Limits are replaced, so that what is not mentioned has to be repeated. */
  private static ObjectNode completed(Kind kind, ObjectNode fields, JsonNode now) {
    if (kind.isLimits()) {
      for (String name : Shapes.LIMITS.fields().keySet()) {
        if (!fields.has(name) && now.has(name)) {
          fields.set(name, now.get(name));
        }
      }
    }
    return fields;
  }

  private static JsonNode nothing() {
    return JsonTrees.object().nullNode();
  }

  /** The fields that changed, and what else has to stand in the same request. */
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
    return body;
  }

  private static boolean isLeftOver(Key key, WishedState wished, CurrentState current) {
    return isMissing(key, wished) && isApplied(key, wished, current);
  }

  private static boolean isKept(Key key, WishedState wished, CurrentState current) {
    return key.kind().parent().isPresent()
        && isMissing(key, wished)
        && !isApplied(key, wished, current);
  }

  /**
   * Whether the file lacks it, although it could have it. A file has all parts of a thing, or says
   * nothing of them.
   */
  private static boolean isMissing(Key key, WishedState wished) {
    return key.kind().bearsName()
        && !wished.entries().containsKey(key)
        && (key.kind().parent().isEmpty() || wished.complete().contains(key.whole()));
  }

  private static boolean isApplied(Key key, WishedState wished, CurrentState current) {
    return appliedBy(key, current).filter(wished.name()::equals).isPresent();
  }

  private static Optional<String> appliedBy(Key key, CurrentState current) {
    return current.find(key).flatMap(thing -> JsonTrees.optional(thing, "applied_by"));
  }

  private static Step deletion(Key key, CurrentState current) {
    return new Step(
        Action.DELETE, key, List.of(), JsonTrees.object(), current.find(key), Optional.empty());
  }
}
