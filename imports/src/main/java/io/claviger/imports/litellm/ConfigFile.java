package io.claviger.imports.litellm;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.imports.litellm.rules.LiteLlmContent;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldCredential;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldDeployment;
import io.claviger.imports.litellm.rules.ModelTranslation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The file {@code config.yaml} of a LiteLLM installation.
 *
 * @param masterKey LiteLLM's own key, which clients do not have
 * @param hidden the parts of the file without a counterpart in Claviger, as reports name them
 * @param shadowed the names of models that LiteLLM replaces by other names, in the calls of all
 *     keys
 * @param bounds the file's limits on all calls together, as reports name them; Claviger does not
 *     support such limits
 * @param timezone the name of the time zone in which LiteLLM resets budgets; empty if the file
 *     states none
 * @param variables the values of environment variables that the file sets
 * @param storesModels whether LiteLLM also calls the models in its database; empty if the file does
 *     not say so
 */
public record ConfigFile(
    List<OldDeployment> deployments,
    Map<String, OldCredential> credentials,
    Optional<String> masterKey,
    Set<String> hidden,
    Set<String> shadowed,
    Set<String> bounds,
    Optional<String> timezone,
    Map<String, String> variables,
    Optional<Boolean> storesModels) {
  public static final ConfigFile NONE =
      new ConfigFile(
          List.of(),
          Map.of(),
          Optional.empty(),
          Set.of(),
          Set.of(),
          Set.of(),
          Optional.empty(),
          Map.of(),
          Optional.empty());

  private static final int MOST_CHARACTERS = 4_000_000;
  private static final int MOST_ALIASES = 100;
  private static final int LONGEST = 20_000;

  /** The settings that map names of models to the names that LiteLLM uses instead, for all keys. */
  private static final Set<String> FURTHER_NAMES =
      Set.of("router_settings/model_group_alias", "litellm_settings/model_alias_map");

  /**
   * The words that a report uses for the parts of the file that are not imported, keyed by {@code
   * section/key}.
   */
  private static final Map<String, String> IGNORED =
      Map.ofEntries(
          Map.entry("litellm_settings/cache", "caches"),
          Map.entry("litellm_settings/callbacks", "callbacks"),
          Map.entry("litellm_settings/success_callback", "callbacks"),
          Map.entry("litellm_settings/failure_callback", "callbacks"),
          Map.entry("litellm_settings/fallbacks", "fallbacks between models"),
          Map.entry("litellm_settings/default_fallbacks", "fallbacks between models"),
          Map.entry("litellm_settings/context_window_fallbacks", "fallbacks between models"),
          Map.entry("router_settings/fallbacks", "fallbacks between models"),
          Map.entry("router_settings/model_group_alias", "further names of models"),
          Map.entry("litellm_settings/model_alias_map", "further names of models"),
          Map.entry("router_settings/routing_strategy", "routing strategies"),
          Map.entry("general_settings/pass_through_endpoints", "pass-through endpoints"));

  /**
   * The values of {@code allowed_routes} with which keys may call models. Other routes have no
   * counterpart in Claviger.
   */
  private static final List<String> ROUTES_OF_MODELS = List.of("llm_api_routes");

  private static final String TIME_ZONE = "the time zone of budgets";
  private static final Pattern MIDNIGHT = Pattern.compile("0?0:00(:00)?");
  private static final String BUDGET_OF_END_USERS = "a budget of each end user";

  /**
   * The words that a report uses for the limits on all calls together, keyed by {@code
   * section/key}.
   */
  private static final Map<String, String> BOUNDS =
      Map.of(
          "general_settings/allowed_ips", "addresses from which calls are allowed",
          "general_settings/allowed_routes", "allowed routes of all keys",
          "litellm_settings/max_budget", LiteLlmContent.BUDGET_OF_ALL,
          "litellm_settings/max_end_user_budget", BUDGET_OF_END_USERS,
          "litellm_settings/max_end_user_budget_id", BUDGET_OF_END_USERS,
          "litellm_settings/tag_budget_config", "budgets of tags",
          "router_settings/provider_budget_config", "budgets of providers",
          "general_settings/global_max_parallel_requests", "parallel calls of the whole proxy");

  private static final Map<String, String> IGNORED_SECTIONS =
      Map.of(
          "guardrails", "guardrails",
          "mcp_servers", "MCP servers",
          "include", "included files",
          "files_settings", "settings of files",
          "vector_store_registry", "vector stores");

  /**
   * Thrown if the file is not a LiteLLM configuration file. The message repeats nothing from the
   * file.
   */
  public static final class Unreadable extends RuntimeException {
    Unreadable(String why) {
      super(why);
    }
  }

  /** Returns a text without the file's content, because the content contains keys. */
  @Override
  public String toString() {
    return "ConfigFile[hidden]";
  }

  /**
   * @throws Unreadable if the text is not YAML, or if the models are not a list
   */
  public static ConfigFile of(String text) {
    Map<String, Object> root = map(parsed(text));
    Map<String, OldCredential> credentials = new HashMap<>();
    for (Object one : list(root, "credential_list")) {
      text(map(one).get("credential_name"))
          .ifPresent(
              name ->
                  credentials.put(
                      name, new OldCredential(texts(map(one).get("credential_values")), Set.of())));
    }
    return new ConfigFile(
        deployments(root),
        credentials,
        text(map(root.get("general_settings")).get("master_key")),
        withZone(hidden(root), timezone(root)),
        shadowed(root),
        bounds(root),
        timezone(root),
        variables(root),
        storesModels(root));
  }

  private static Map<String, String> variables(Map<String, Object> root) {
    Map<String, String> variables = new HashMap<>();
    map(root.get("environment_variables"))
        .forEach(
            (name, value) ->
                text(value)
                    .filter(text -> !text.startsWith(ModelTranslation.VARIABLE))
                    .ifPresent(text -> variables.put(name, text)));
    return Map.copyOf(variables);
  }

  private static Optional<Boolean> storesModels(Map<String, Object> root) {
    return text(value(root, "general_settings/store_model_in_db")).map(Boolean::valueOf);
  }

  /**
   * Adds the settings that administrators have changed while LiteLLM ran. LiteLLM stores these
   * settings in its database, in the same form as in the file.
   *
   * @param stored the JSON of each changed section
   * @throws Unreadable if a section is not a JSON object
   */
  ConfigFile with(Map<String, String> stored) {
    Map<String, Object> root = new TreeMap<>();
    stored.forEach((section, json) -> root.put(section, parsed(json)));
    Optional<String> zone = timezone(root).or(() -> timezone);
    return new ConfigFile(
        deployments,
        credentials,
        masterKey,
        withZone(both(hidden, hidden(root)), zone),
        both(shadowed, shadowed(root)),
        both(bounds, bounds(root)),
        zone,
        variables,
        storesModels(root).filter(stores -> stores).or(() -> storesModels));
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> hidden(Map<String, Object> root) {
    Set<String> hidden = new TreeSet<>();
    IGNORED.forEach(
        (place, what) -> {
          if (value(root, place) != null) {
            boolean unused = hidden.add(what);
          }
        });
    IGNORED_SECTIONS.forEach(
        (section, what) -> {
          if (root.containsKey(section)) {
            boolean unused = hidden.add(what);
          }
        });
    if (text(value(root, "litellm_settings/budget_reset_time"))
        .filter(time -> !MIDNIGHT.matcher(time).matches())
        .isPresent()) {
      boolean unused = hidden.add("the time of day at which budgets are reset");
    }
    return hidden;
  }

  /** Names the time zone among the hidden parts exactly if Claviger does not know it. */
  private static Set<String> withZone(Set<String> hidden, Optional<String> timezone) {
    boolean isUnknown = timezone.isPresent() && zone(timezone).isEmpty();
    return Stream.concat(
            hidden.stream().filter(what -> !what.equals(TIME_ZONE)),
            isUnknown ? Stream.of(TIME_ZONE) : Stream.empty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<String> timezone(Map<String, Object> root) {
    return text(value(root, "litellm_settings/timezone")).filter(name -> !name.isBlank());
  }

  /** Returns the time zone of budgets; empty if there is none, or if Claviger does not know it. */
  public Optional<BudgetZone> zone() {
    return zone(timezone);
  }

  private static Optional<BudgetZone> zone(Optional<String> name) {
    try {
      return name.map(BudgetZone::new);
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the names of models that LiteLLM replaces by other names. In the file, each such name
   * is the key of an entry, and the value is the other name or an object with the other name.
   */
  private static Set<String> shadowed(Map<String, Object> root) {
    return FURTHER_NAMES.stream()
        .flatMap(place -> map(value(root, place)).entrySet().stream())
        .filter(
            entry -> {
              Object to =
                  entry.getValue() instanceof Map<?, ?>
                      ? map(entry.getValue()).get("model")
                      : entry.getValue();
              return !entry.getKey().equals(to);
            })
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> bounds(Map<String, Object> root) {
    return BOUNDS.entrySet().stream()
        .filter(bound -> isLimit(value(root, bound.getKey())))
        .map(Map.Entry::getValue)
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @param place {@code section/key}
   */
  private static @Nullable Object value(Map<String, Object> root, String place) {
    int slash = place.indexOf('/');
    return map(root.get(place.substring(0, slash))).get(place.substring(slash + 1));
  }

  /** Whether a value restricts calls. To LiteLLM, 0 and an empty list of limits mean no limit. */
  private static boolean isLimit(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Number number -> number.doubleValue() > 0;
      case Map<?, ?> each -> !each.isEmpty();
      case List<?> routes -> !routes.equals(ROUTES_OF_MODELS);
      default -> true;
    };
  }

  private static Object parsed(String text) {
    try {
      Object root =
          new Load(
                  LoadSettings.builder()
                      .setSchema(new CoreSchema())
                      .setAllowRecursiveKeys(false)
                      .setAllowNonScalarKeys(false)
                      .setMaxAliasesForCollections(MOST_ALIASES)
                      .setCodePointLimit(MOST_CHARACTERS)
                      .build())
              .loadFromString(text);
      if (root instanceof Map<?, ?>) {
        return root;
      }
    } catch (YamlEngineException | StackOverflowError e) {
      // The message of the parser is left out, because it repeats the text, which contains keys.
      throw new Unreadable("it is not YAML, or it is too large");
    }
    throw new Unreadable("it has no model_list");
  }

  private static List<OldDeployment> deployments(Map<String, Object> root) {
    List<OldDeployment> all = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (Object one : list(root, "model_list")) {
      Map<String, Object> entry = map(one);
      Optional<String> alias = text(entry.get("model_name"));
      if (alias.isEmpty()) {
        throw new Unreadable("an entry of model_list has no model_name");
      }
      String name = alias.get().substring(0, Math.min(200, alias.get().length()));
      int number = numbers.merge(name, 1, Integer::sum);
      Set<String> groups = new HashSet<>();
      Map<String, Object> info = map(entry.get("model_info"));
      if (info.get("access_groups") instanceof List<?> listed) {
        listed.forEach(group -> text(group).ifPresent(groups::add));
      }
      all.add(
          new OldDeployment(
              "config/" + name + "/" + number,
              alias.get(),
              texts(entry.get("litellm_params")),
              Set.of(),
              Set.copyOf(groups),
              text(info.get("team_id")).filter(id -> !id.isEmpty()).isPresent(),
              false));
    }
    return all;
  }

  private static List<?> list(Map<String, Object> root, String name) {
    Object value = root.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new Unreadable(name + " is not a list");
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> map = new TreeMap<>();
    if (value instanceof Map<?, ?> any) {
      any.forEach(
          (key, each) -> {
            if (key != null && each != null) {
              map.put(key.toString(), each);
            }
          });
    }
    return map;
  }

  /**
   * Returns the texts in a map. A list or map that is not empty becomes an empty text, so that the
   * report can name it.
   */
  private static Map<String, String> texts(@Nullable Object value) {
    Map<String, String> texts = new TreeMap<>();
    map(value).forEach((key, each) -> textOrEmpty(each).ifPresent(text -> texts.put(key, text)));
    return texts;
  }

  private static Optional<String> textOrEmpty(Object value) {
    boolean filled =
        (value instanceof Map<?, ?> map && !map.isEmpty())
            || (value instanceof List<?> list && !list.isEmpty());
    return filled ? Optional.of("") : text(value);
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? Optional.of(value.toString()).filter(text -> text.length() <= LONGEST)
        : Optional.empty();
  }
}
