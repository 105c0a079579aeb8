package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the names of a file's entries, and completes the references in the entries. */
final class EntryNames {
  static final String SYSTEM = "_system";

  private static final Pattern REF =
      Pattern.compile("(_system|[a-z0-9][a-z0-9._-]{0,63})/[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern HANDLE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern GRANTEE = Pattern.compile("@?" + HANDLE.pattern());
  private static final Pattern KIND = Pattern.compile("[a-z_]{1,64}");
  private static final Pattern OBJECT_ID = Pattern.compile("[!-~&&[^/]]{1,1024}");
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Map<String, String> PROVIDERS =
      Map.of("claude", "anthropic", "gemini", "google");

  private EntryNames() {}

  /**
   * Returns the name of an entry, and completes the references in the entry. If the name is a part
   * of the resource's path, it is removed from the fields.
   *
   * @param fault receives the fault if the name is missing or invalid
   * @return the name; empty if the entry has no name
   */
  static Optional<String> of(
      ResourceKind kind, ObjectNode fields, String user, Consumer<String> fault) {
    replace(fields, "provider", name -> PROVIDERS.getOrDefault(name, name));
    return switch (kind) {
      case PROVIDER -> matching(taken(fields, "name"), HANDLE, "`name`: a provider's name", fault);
      case DEFINITION -> owned(fields, user, fault);
      case SERVICE -> {
        replace(fields, "definition", ref -> completed(ref, user));
        yield owned(fields, user, fault);
      }
      case PROJECT -> {
        replace(fields, "service", ref -> completed(ref, user));
        yield owned(fields, user, fault);
      }
      case GROUP -> matching(taken(fields, "handle"), HANDLE, "`handle`: a group's name", fault);
      case USER_LIMITS ->
          matching(taken(fields, "handle"), HANDLE, "`handle`: a user's handle", fault);
      case GROUP_LIMITS, GROUP_POOLED_LIMITS ->
          throw new IllegalStateException(
              "limits have no name of their own; their group names them");
      case GROUP_MEMBER -> {
        demandRole(fields, fault);
        yield matching(taken(fields, "user"), HANDLE, "`user`: a user's handle", fault);
      }
      case SERVICE_SHARE, PROJECT_SHARE -> {
        demandRole(fields, fault);
        Optional<String> named = taken(fields, "user");
        yield matching(
            taken(fields, "grantee").or(() -> named),
            GRANTEE,
            "`grantee`: a user's handle, or a group's with an @ before it",
            fault);
      }
      case SHARED_OBJECT -> sharedObject(fields, fault);
      case MODEL -> model(fields, fault);
      case PRICE -> price(fields, fault);
    };
  }

  private static Optional<String> owned(ObjectNode fields, String user, Consumer<String> fault) {
    return matching(
        taken(fields, "ref").map(ref -> completed(ref, user)),
        REF,
        "`ref`: OWNER/HANDLE, or HANDLE for one of your own",
        fault);
  }

  /**
   * Returns the full reference {@code owner/handle}. If the text is only a handle, the owner's
   * handle is put before it.
   */
  static String completed(String ref, String owner) {
    return ref.contains("/") ? ref : owner + "/" + ref;
  }

  private static Optional<String> model(ObjectNode fields, Consumer<String> fault) {
    replace(fields, "service", ref -> completed(ref, SYSTEM));
    for (JsonNode target : fields.path("targets")) {
      if (target instanceof ObjectNode each) {
        replace(each, "service", ref -> completed(ref, SYSTEM));
      }
    }
    Optional<String> name = JsonTrees.optional(fields, "name").filter(text -> !text.isBlank());
    if (name.isEmpty()) {
      fault.accept("`name` is missing: the name by which callers ask for the model");
    }
    return name;
  }

  /**
   * Takes the format out of a model's fields, and returns it; empty if the file does not state the
   * format. The file need not state it, because the server finds out a model's format by itself.
   */
  static String takenFormat(ObjectNode fields) {
    return taken(fields, FileSchemas.FORMAT).orElse("");
  }

  /**
   * Returns the keys of a server's models. Names are unique only among the models of one format. So
   * if several models have the same name, their keys contain the format.
   *
   * @param inFile the keys of the models in the file. If the file states a model's format, the key
   *     in the file is returned for this model
   */
  static Map<ResourceKey, JsonNode> models(List<JsonNode> models, Set<ResourceKey> inFile) {
    Map<ResourceKey, JsonNode> keyed = new HashMap<>();
    models.stream()
        .collect(Collectors.groupingBy(model -> JsonTrees.text(model, "name")))
        .forEach(
            (name, equal) -> {
              ResourceKey bare = ResourceKey.of(ResourceKind.MODEL, name);
              for (JsonNode model : equal) {
                // Servers of earlier versions do not state a model's format.
                String format =
                    equal.size() > 1
                        ? JsonTrees.text(model, FileSchemas.FORMAT)
                        : JsonTrees.optional(model, FileSchemas.FORMAT).orElse("");
                ResourceKey exact = new ResourceKey(ResourceKind.MODEL, format, name);
                keyed.put(equal.size() > 1 || inFile.contains(exact) ? exact : bare, model);
              }
            });
    return keyed;
  }

  private static Optional<String> price(ObjectNode fields, Consumer<String> fault) {
    Optional<String> provider =
        matching(taken(fields, "provider"), HANDLE, "`provider`: the provider of the model", fault);
    Optional<String> model = taken(fields, "model").filter(text -> !text.isBlank());
    if (model.isEmpty()) {
      fault.accept("`model` is missing: the provider's name for the model");
    }
    Optional<String> from =
        matching(
            JsonTrees.optional(fields, "valid_from"),
            DAY,
            "`valid_from`: the first day of the price, such as 2026-01-31",
            fault);
    return provider.flatMap(p -> model.flatMap(m -> from.map(day -> priced(p, m, day))));
  }

  private static Optional<String> sharedObject(ObjectNode fields, Consumer<String> fault) {
    Optional<String> kind =
        matching(taken(fields, "kind"), KIND, "`kind`: a kind of objects, such as files", fault);
    // Google's ids, such as files/abc, begin with the name of the collection.
    Optional<String> id =
        matching(
            taken(fields, "id").map(text -> text.substring(text.lastIndexOf('/') + 1)),
            OBJECT_ID,
            "`id`: the provider's id of an object",
            fault);
    return kind.flatMap(of -> id.map(name -> object(of, name)));
  }

  /** Returns the name that identifies a shared object's entry. */
  static String object(String kind, String id) {
    return kind + "/" + id;
  }

  /**
   * Returns the name that identifies a price: provider, model and day, separated by blanks. The
   * name is unambiguous, because neither providers nor days contain blanks.
   */
  static String priced(String provider, String model, String day) {
    return provider + " " + day + " " + model;
  }

  private static void demandRole(ObjectNode fields, Consumer<String> fault) {
    if (JsonTrees.optional(fields, "role").isEmpty()) {
      fault.accept("`role` is missing");
    }
  }

  private static Optional<String> taken(ObjectNode fields, String name) {
    Optional<String> value = JsonTrees.optional(fields, name);
    JsonNode unused = fields.remove(name);
    return value;
  }

  private static Optional<String> matching(
      Optional<String> name, Pattern pattern, String what, Consumer<String> fault) {
    if (name.isEmpty()) {
      fault.accept(what.replaceFirst("`: ", "` is missing: "));
    } else if (!pattern.matcher(name.get()).matches()) {
      String shown = TerminalText.line(name.get());
      fault.accept("\"%.100s\" is no %s".formatted(shown, what));
      return Optional.empty();
    }
    return name;
  }

  private static void replace(
      ObjectNode fields, String name, java.util.function.UnaryOperator<String> rename) {
    if (fields.path(name).isString()) {
      fields.put(name, rename.apply(fields.get(name).asString()));
    }
  }
}
