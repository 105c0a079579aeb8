package io.claviger.gateway.strangers;

import io.claviger.gateway.strangers.LaxReader.Leaf;
import io.claviger.gateway.strangers.LaxReader.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what is wrong with a request that reached the provider with the key that all borrowers use.
 * The judge knows the public grammar and the objects in the account, but not how Claviger decides.
 */
final class Judge {
  /**
   * A request as the provider received it.
   *
   * @param path below the base URL of the service, as it was sent
   */
  record Arrival(
      String method, String path, String query, Map<String, String> fields, byte[] body) {
    String field(String name) {
      return fields.getOrDefault(name, "");
    }

    @Override
    public String toString() {
      return method
          + " "
          + path
          + (query.isEmpty() ? "" : "?" + query)
          + " "
          + fields
          + "\n"
          + io.claviger.testkit.http.FuzzRun.shown(body);
    }
  }

  /** Tools that make a container, unless the service lends containers. */
  private static final List<String> CONTAINER_TOOLS =
      List.of("code_interpreter", "code_execution_");

  private static final Pattern MODEL = Pattern.compile("(v1|v1beta)?/?models/[^/:]+");

  /** What every name contains that callers give. */
  static final String RAW = "raw-key";

  private static final Pattern INSIDE = Pattern.compile("(?:chat/)?[a-z_]+/([^/]+)/.+");

  private final Account account;
  private final boolean fieldsAreWritten;
  private final boolean stores;
  private final Map<String, String> cacheNames = new HashMap<>();
  private final Map<String, String> identifiers = new HashMap<>();

  /**
   * @param fieldsAreWritten whether the gateway says in requests that nothing is to be stored, and
   *     under which name they are cached
   * @param stores whether callers may store objects, and refer to their own
   */
  Judge(Account account, boolean fieldsAreWritten, boolean stores) {
    this.stores = stores;
    this.account = account;
    this.fieldsAreWritten = fieldsAreWritten;
  }

  /** The faults of a request, each a sentence. */
  List<String> faults(
      String format, Grammar.Shape shape, String operation, String caller, Arrival arrival) {
    List<String> faults = new ArrayList<>();
    if (arrival.method().equals("GET") && MODEL.matcher(arrival.path()).matches()) {
      return faults; // Whatever stands there is only the name of a model.
    }
    if (shape.never || !shape.lent && !stores) {
      faults.add("an operation that is not lent was called");
    }
    Predicate<Account.Thing> forbidden = thing -> !stores || !thing.maker().equals(caller);
    addressed(arrival, forbidden, faults);
    List<Reading> readings =
        LaxReader.read(
            arrival.body(), arrival.field("content-type"), arrival.field("content-encoding"));
    for (Reading reading : readings) {
      read(shape, reading, forbidden, faults);
    }
    if (fieldsAreWritten) {
      raw(arrival, readings, faults);
    }
    if (fieldsAreWritten && format.equals("openai") && operation.startsWith("POST ")) {
      openAi(operation.substring(5), caller, readings, faults);
    }
    if (!stores && format.equals("anthropic")) {
      tools(readings, faults);
      threads(readings, faults);
    }
    return faults;
  }

  /** What the head says. */
  private void addressed(Arrival arrival, Predicate<Account.Thing> forbidden, List<String> faults) {
    String path = twiceDecoded(arrival.path());
    Matcher inside = INSIDE.matcher(path);
    if (stores
        && inside.matches()
        && account.named(inside.group(1), thing -> !forbidden.test(thing)).isPresent()) {
      return; // The provider looks for the rest inside of what the caller holds.
    }
    StringBuilder head = new StringBuilder(path);
    head.append(' ').append(twiceDecoded(arrival.query()));
    arrival.fields().forEach((name, value) -> head.append(' ').append(value));
    account.mentioned(head.toString(), forbidden).ifPresent(t -> faults.add("the head names " + t));
  }

  private static String twiceDecoded(String text) {
    return text.contains("%") ? LaxReader.urlDecoded(LaxReader.urlDecoded(text)) : text;
  }

  private void read(
      Grammar.Shape shape,
      Reading reading,
      Predicate<Account.Thing> forbidden,
      List<String> faults) {
    if (!shape.refers) {
      return;
    }
    if (!reading.whole()) {
      account
          .mentioned(reading.text(), forbidden)
          .ifPresent(t -> faults.add("a body that is malformed contains " + t));
      return;
    }
    for (Leaf leaf : reading.leaves()) {
      Optional<Account.Thing> named =
          switch (shape.places.at(leaf.path())) {
            case TEXT -> Optional.empty();
            case REFERENCE -> account.mentioned(leaf.value(), forbidden);
            case OTHER -> account.named(leaf.value(), forbidden).filter(Account.Thing::formed);
          };
      named.ifPresent(t -> faults.add(leaf.place() + " names " + t));
    }
  }

  /** What callers are called must be replaced wherever it stands. */
  private static void raw(Arrival arrival, List<Reading> readings, List<String> faults) {
    if (arrival.fields().toString().contains(RAW)) {
      faults.add("a field of the head passed as the caller sent it");
    }
    for (Reading reading : readings) {
      reading.leaves().stream()
          .filter(leaf -> !leaf.place().isEmpty() && leaf.value().contains(RAW))
          .forEach(leaf -> faults.add(leaf.place() + " passed as the caller sent it"));
    }
  }

  /** Nothing is left behind, and names are separate. */
  private void openAi(String path, String caller, List<Reading> readings, List<String> faults) {
    boolean leaves = path.equals("responses") || path.equals("chat/completions");
    for (Reading reading : readings) {
      Map<String, List<Leaf>> top = new HashMap<>();
      for (Leaf leaf : reading.leaves()) {
        if (leaf.path().size() == 1) {
          top.computeIfAbsent(leaf.path().getFirst(), n -> new ArrayList<>()).add(leaf);
        }
      }
      if (leaves && !stores) {
        List<Leaf> said = top.getOrDefault("store", List.of());
        if (said.isEmpty()
            || !said.stream().allMatch(l -> l.value().equals("false") && !l.quoted())) {
          faults.add("store is " + said);
        }
      }
      if (leaves
          && !stores
          && top.getOrDefault("background", List.of()).stream().anyMatch(l -> isTrue(l.value()))) {
        faults.add("background is true");
      }
      if (leaves && top.getOrDefault("promptcachekey", List.of()).size() != 1) {
        faults.add("there is not one prompt_cache_key");
      }
      for (Leaf key : top.getOrDefault("promptcachekey", List.of())) {
        separate(cacheNames, key.value(), caller, "prompt_cache_key", faults);
      }
      for (Leaf key : top.getOrDefault("safetyidentifier", List.of())) {
        separate(identifiers, key.value(), caller, "safety_identifier", faults);
      }
    }
    if (!stores) {
      tools(readings, faults);
    }
  }

  private static void threads(List<Reading> readings, List<String> faults) {
    for (Reading reading : readings) {
      reading.leaves().stream()
          .filter(leaf -> leaf.path().size() == 2 && leaf.path().getFirst().equals("thread"))
          .forEach(leaf -> faults.add(leaf.place() + " makes the provider keep a conversation"));
    }
  }

  private static boolean isTrue(String value) {
    return !Set.of("false", "null", "0", "").contains(value);
  }

  private static void separate(
      Map<String, String> known, String value, String caller, String name, List<String> faults) {
    String other = known.putIfAbsent(value, caller);
    if (other != null && !other.equals(caller)) {
      faults.add(name + " " + value + " is that of " + other + " too");
    }
  }

  private static void tools(List<Reading> readings, List<String> faults) {
    Set<String> found = new HashSet<>();
    for (Reading reading : readings) {
      for (Leaf leaf : reading.leaves()) {
        List<String> path = leaf.path();
        if (path.size() > 2
            && path.getLast().equals("type")
            && (path.contains("tools") || path.contains("definition"))
            && CONTAINER_TOOLS.stream().anyMatch(leaf.value()::startsWith)) {
          found.add(leaf.value());
        }
        if (!path.isEmpty()
            && path.getLast().equals("type")
            && leaf.value().equals("container_auto")) {
          found.add(leaf.value());
        }
      }
    }
    found.forEach(each -> faults.add("a container would be made by " + each));
  }
}
