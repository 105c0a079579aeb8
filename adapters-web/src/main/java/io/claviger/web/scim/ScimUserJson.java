package io.claviger.web.scim;

import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.messages.PatchOperation;
import com.unboundid.scim2.common.utils.JsonUtils;
import io.claviger.application.scim.ScimUsers;
import io.claviger.domain.Characters;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Email;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.scim.ScimUser;
import io.claviger.web.problems.ProblemException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes users in the JSON of SCIM (RFC 7643, 4.1). Attributes that are not listed here
 * are ignored.
 */
final class ScimUserJson {
  static final String SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";

  /** The names of the attributes that Claviger stores, in lower case. */
  static final Set<String> KEPT =
      Set.of("username", "externalid", "name", "displayname", "emails", "active");

  /**
   * The maximum number of values of an attribute, in a patch's operation and in the patched user.
   * Further values are dropped, because the library compares each added value with all others. If
   * the patch were refused instead, people with many addresses could prevent their own suspension.
   */
  private static final int MOST_VALUES = 20;

  private ScimUserJson() {}

  static ObjectNode of(ScimUsers.View view, String base) {
    User user = view.user();
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add(SCHEMA);
    json.put("id", user.id().value().toString());
    attributes(
        json,
        new ScimUsers.Person(
            view.names(),
            Optional.of(view.active()),
            Optional.of(user.displayName()),
            user.email()));
    ObjectNode meta = json.putObject("meta");
    meta.put("resourceType", "User");
    meta.put("created", user.createdAt().toString());
    meta.put("lastModified", user.updatedAt().toString());
    meta.put("location", base + "/Users/" + user.id().value());
    return json;
  }

  private static void attributes(ObjectNode json, ScimUsers.Person person) {
    ScimUser.Names names = person.names();
    names.externalId().ifPresent(id -> json.put("externalId", id));
    json.put("userName", names.userName());
    if (names.formatted().or(names::givenName).or(names::familyName).isPresent()) {
      ObjectNode name = json.putObject("name");
      names.formatted().ifPresent(text -> name.put("formatted", text));
      names.givenName().ifPresent(text -> name.put("givenName", text));
      names.familyName().ifPresent(text -> name.put("familyName", text));
    }
    person.displayName().ifPresent(name -> json.put("displayName", name.value()));
    person
        .email()
        .ifPresent(
            email ->
                json.putArray("emails")
                    .addObject()
                    .put("value", email.value())
                    .put("type", "work")
                    .put("primary", true));
    person.active().ifPresent(active -> json.put("active", active));
  }

  /**
   * Reads a user. If a write suspends the user, names and addresses that violate a rule are
   * ignored, because people who can choose their names and addresses at the identity provider could
   * otherwise prevent their own suspension. If {@code userName} or {@code externalId} in such a
   * write violates a rule, the stored {@code userName} and {@code externalId} are kept.
   *
   * @param before the stored state of the user; empty if the user is not stored yet
   * @throws ProblemException if an attribute has the wrong JSON type
   * @throws InvalidValue if an attribute violates a rule
   */
  static ScimUsers.Person read(JsonNode json, Optional<ScimUsers.Person> before) {
    return read(json, before, Optional.empty());
  }

  /**
   * Reads a user that replaces a stored user. If the write has no {@code externalId}, the stored
   * {@code externalId} is kept. Without an {@code externalId}, the person might no longer be able
   * to sign in.
   */
  static ScimUsers.Person replacing(ScimUsers.Person before, JsonNode json) {
    return read(json, Optional.of(before), before.names().externalId());
  }

  /**
   * @param absentId the {@code externalId} that the user gets if the write contains none
   */
  private static ScimUsers.Person read(
      JsonNode json, Optional<ScimUsers.Person> before, Optional<String> absentId) {
    JsonNode name =
        ScimJson.attribute(json, "name").filter(JsonNode::isObject).orElseGet(ScimJson::object);
    Optional<Boolean> active = active(json);
    boolean suspends = active.equals(Optional.of(false));
    ScimUser.Names plain =
        identifying(json, absentId, before.filter(unused -> suspends).map(ScimUsers.Person::names));
    ScimUser.Names names =
        valid(
                suspends,
                Optional.of(name),
                parts ->
                    new ScimUser.Names(
                        plain.externalId(),
                        plain.userName(),
                        ScimJson.text(parts, "formatted"),
                        ScimJson.text(parts, "givenName"),
                        ScimJson.text(parts, "familyName")))
            .orElse(plain);
    return new ScimUsers.Person(
        names,
        active,
        valid(suspends, displayName(json, names), DisplayName::new),
        valid(suspends, email(json), Email::new));
  }

  /**
   * Reads the names with which the identity provider identifies a user.
   *
   * @param former the names to return if the names in the write can't be used; if empty, a write
   *     with unusable names is refused
   */
  private static ScimUser.Names identifying(
      JsonNode json, Optional<String> absentId, Optional<ScimUser.Names> former) {
    try {
      return identifying(
          ScimJson.text(json, "externalId").or(() -> absentId),
          ScimJson.text(json, "userName")
              .orElseThrow(() -> ScimJson.problem("invalidValue", "userName is missing.")));
    } catch (InvalidValue | ProblemException e) {
      return former
          .map(names -> identifying(names.externalId(), names.userName()))
          .orElseThrow(() -> e);
    }
  }

  private static ScimUser.Names identifying(Optional<String> externalId, String userName) {
    return new ScimUser.Names(
        externalId, userName, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param suspends whether the write suspends the user; if so, a value that violates a rule counts
   *     as absent
   */
  private static <S, T> Optional<T> valid(
      boolean suspends, Optional<S> given, Function<S, T> made) {
    try {
      return given.map(made);
    } catch (InvalidValue e) {
      if (suspends) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Some identity providers write a boolean as a string, such as {@code "False"}. */
  private static Optional<Boolean> active(JsonNode json) {
    return ScimJson.attribute(json, "active")
        .map(
            value -> {
              String text = value.isBoolean() || value.isString() ? value.asString() : "";
              if (text.equalsIgnoreCase("true")) {
                return true;
              }
              if (text.equalsIgnoreCase("false")) {
                return false;
              }
              throw ScimJson.problem("invalidValue", "active is true or false.");
            });
  }

  private static Optional<String> displayName(JsonNode json, ScimUser.Names names) {
    return ScimJson.text(json, "displayName")
        .or(names::formatted)
        .or(
            () ->
                Optional.of(
                        Stream.of(names.givenName(), names.familyName())
                            .flatMap(Optional::stream)
                            .collect(Collectors.joining(" ")))
                    .filter(text -> !text.isEmpty()))
        .map(text -> Characters.first(DisplayName.MAX_LENGTH, text));
  }

  /**
   * Chooses the primary address. If no address is primary, chooses the first address with the type
   * {@code work}. If there is no such address either, chooses the first address of all.
   */
  private static Optional<String> email(JsonNode json) {
    Optional<String> chosen = Optional.empty();
    int best = -1;
    for (JsonNode one : ScimJson.attribute(json, "emails").orElseGet(ScimJson::object)) {
      Optional<String> value = one.isObject() ? ScimJson.text(one, "value") : Optional.empty();
      int rank =
          ScimJson.attribute(one, "primary")
                  .filter(flag -> "true".equalsIgnoreCase(word(flag)))
                  .isPresent()
              ? 2
              : ScimJson.attribute(one, "type")
                      .filter(type -> "work".equals(word(type)))
                      .isPresent()
                  ? 1
                  : 0;
      if (value.isPresent() && rank > best) {
        best = rank;
        chosen = value;
      }
    }
    return chosen;
  }

  private static String word(JsonNode value) {
    return value.isBoolean() || value.isString() ? value.asString() : "";
  }

  /**
   * Applies a patch to the stored user.
   *
   * @throws ProblemException if an operation can't be applied
   */
  static ScimUsers.Person patched(ScimUsers.Person before, ScimPatch patch) {
    ObjectNode json = JsonUtils.getJsonNodeFactory().objectNode();
    attributes(json, before);
    if (before.email().isEmpty()) {
      ArrayNode unused = json.putArray("emails");
    }
    for (ScimPatch.Operation operation : patch.operations()) {
      operation.value().ifPresent(ScimUserJson::cut);
      apply(operation, json);
      json.values().forEach(ScimUserJson::cut);
    }
    return read(json, Optional.of(before));
  }

  private static void cut(JsonNode value) {
    while (value instanceof ArrayNode values && values.size() > MOST_VALUES) {
      JsonNode unused = values.remove(values.size() - 1);
    }
  }

  private static void apply(ScimPatch.Operation operation, ObjectNode json) {
    try {
      if (operation.op().equals("remove") || operation.value().isEmpty()) {
        PatchOperation.remove(operation.path()).apply(json);
      } else if (operation.op().equals("replace")) {
        replace(operation, operation.value().get(), json);
      } else {
        PatchOperation.add(operation.path(), operation.value().get()).apply(json);
      }
    } catch (ScimException | RuntimeException e) {
      throw ScimJson.problem("invalidPath", "An operation can't be applied to the user.");
    }
  }

  /**
   * Replaces a value. If the attribute has no value yet, the value is added, as some identity
   * providers expect.
   */
  private static void replace(ScimPatch.Operation operation, JsonNode value, ObjectNode json)
      throws ScimException {
    try {
      PatchOperation.replace(operation.path(), value).apply(json);
    } catch (ScimException e) {
      PatchOperation.add(operation.path(), value).apply(json);
    }
  }
}
