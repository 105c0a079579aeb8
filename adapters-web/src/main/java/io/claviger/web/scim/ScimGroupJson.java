package io.claviger.web.scim;

import com.unboundid.scim2.common.filters.Filter;
import io.claviger.application.scim.ScimGroups;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.WrittenUuid;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.web.problems.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes groups in the JSON of SCIM (RFC 7643, 4.2). */
final class ScimGroupJson {
  static final String SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";

  /** The names of the attributes that Claviger stores, in lower case. */
  static final Set<String> KEPT = Set.of("displayname", "externalid", "members");

  private ScimGroupJson() {}

  /**
   * @param members the members; empty if the answer does not contain the members
   */
  static ObjectNode of(ScimGroups.View view, Optional<List<User>> members, String base) {
    Group group = view.group();
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add(SCHEMA);
    json.put("id", group.id().value().toString());
    view.externalId().ifPresent(id -> json.put("externalId", id));
    json.put("displayName", group.displayName().value());
    if (members.isPresent()) {
      ArrayNode list = json.putArray("members");
      for (User user : members.get()) {
        ObjectNode unused =
            list.addObject()
                .put("value", user.id().value().toString())
                .put("$ref", base + "/Users/" + user.id().value())
                .put("display", user.displayName().value());
      }
    }
    ObjectNode meta = json.putObject("meta");
    meta.put("resourceType", "Group");
    meta.put("created", group.createdAt().toString());
    meta.put("lastModified", group.updatedAt().toString());
    meta.put("location", base + "/Groups/" + group.id().value());
    return json;
  }

  static DisplayName displayName(JsonNode json) {
    return ScimJson.text(json, "displayName")
        .map(DisplayName::new)
        .orElseThrow(() -> ScimJson.problem("invalidValue", "displayName is missing."));
  }

  /**
   * Reads the members from the JSON of a whole group. A group without a list of members in its JSON
   * has no members.
   */
  static Set<UUID> members(JsonNode json) {
    return ScimJson.attribute(json, "members").map(ScimGroupJson::ids).orElse(Set.of());
  }

  private static Set<UUID> ids(JsonNode members) {
    Set<UUID> ids = new HashSet<>();
    for (JsonNode member :
        members.isArray() ? members : ScimJson.object().putArray("").add(members)) {
      ids.add(
          (member.isObject() ? ScimJson.text(member, "value") : Optional.<String>empty())
              .flatMap(WrittenUuid::of)
              .orElseThrow(
                  () ->
                      ScimJson.problem(
                          "invalidValue", "A member is an object with a user's id as its value.")));
    }
    return ids;
  }

  /**
   * Reads the changes in a patch. Later operations override earlier ones. As in the JSON of a whole
   * group, an empty {@code externalId} counts as absent. Only an operation {@code remove} removes
   * the {@code externalId}.
   *
   * @throws ProblemException if an operation can't be applied
   */
  static ScimGroups.Change change(ScimPatch patch) {
    Members members = new Members();
    Optional<DisplayName> displayName = Optional.empty();
    Field<String> externalId = Field.absent();
    for (ScimPatch.Operation operation : patch.operations()) {
      switch (operation.attribute()) {
        case "members" -> members.apply(operation);
        case "displayname" -> displayName = Optional.of(new DisplayName(text(operation)));
        default ->
            externalId =
                operation.op().equals("remove")
                    ? Field.ofNull()
                    : Field.from(Optional.of(text(operation)).filter(id -> !id.isBlank()));
      }
    }
    return new ScimGroups.Change(
        displayName, externalId, members.only, members.added, members.removed);
  }

  private static String text(ScimPatch.Operation operation) {
    return operation
        .value()
        .filter(value -> !operation.op().equals("remove") && value.isString())
        .map(JsonNode::asString)
        .orElseThrow(
            () -> ScimJson.problem("invalidValue", "displayName and externalId are texts."));
  }

  /** Collects the changes of a group's members from a patch's operations. */
  private static final class Members {
    private Optional<Set<UUID>> only = Optional.empty();
    private final Set<UUID> added = new HashSet<>();
    private final Set<UUID> removed = new HashSet<>();

    void apply(ScimPatch.Operation operation) {
      Filter filter = operation.path().getElement(0).getValueFilter();
      if (filter != null || operation.path().size() > 1) {
        one(operation, filter);
        return;
      }
      switch (operation.op()) {
        case "add" -> operation.value().ifPresent(value -> add(ids(value)));
        case "replace" -> replace(operation.value().map(ScimGroupJson::ids).orElse(Set.of()));
        default ->
            operation
                .value()
                .map(value -> ScimJson.attribute(value, "members").orElse(value))
                .ifPresentOrElse(value -> remove(ids(value)), () -> replace(Set.of()));
      }
    }

    /**
     * Applies an operation on one member, who is named by a filter in the path; the operation must
     * be a removal.
     */
    private void one(ScimPatch.Operation operation, @Nullable Filter filter) {
      Optional<ScimFilter> named =
          Optional.ofNullable(filter)
              .flatMap(ScimFilter::of)
              .filter(found -> found.attribute().equals("value"));
      if (named.isEmpty() || operation.path().size() > 1 || !operation.op().equals("remove")) {
        throw ScimJson.problem(
            "invalidPath", "Remove one member with the path members[value eq \"ID\"].");
      }
      WrittenUuid.of(named.get().value()).ifPresent(id -> remove(Set.of(id)));
    }

    private void add(Set<UUID> ids) {
      if (only.isPresent()) {
        only.get().addAll(ids);
      } else {
        added.addAll(ids);
        removed.removeAll(ids);
      }
    }

    private void remove(Set<UUID> ids) {
      if (only.isPresent()) {
        only.get().removeAll(ids);
      } else {
        removed.addAll(ids);
        added.removeAll(ids);
      }
    }

    private void replace(Set<UUID> ids) {
      only = Optional.of(new HashSet<>(ids));
      added.clear();
      removed.clear();
    }
  }
}
