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
import java.util.regex.Pattern;

/**
 * Says what is wrong with a request that reached the provider with the key that all borrowers use.
 * It knows the public grammar and what is in the account, and nothing of how Claviger decides.
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

  private final Account account;
  private final boolean fieldsAreWritten;
  private final Map<String, String> cacheNames = new HashMap<>();
  private final Map<String, String> identifiers = new HashMap<>();

  /**
   * @param fieldsAreWritten whether the gateway says in requests that nothing is to be stored, and
   *     under which name they are cached
   */
  Judge(Account account, boolean fieldsAreWritten) {
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
    if (!shape.lent) {
      faults.add("an operation that is not lent was called");
    }
    addressed(arrival, faults);
    List<Reading> readings =
        LaxReader.read(
            arrival.body(), arrival.field("content-type"), arrival.field("content-encoding"));
    for (Reading reading : readings) {
      read(shape, reading, faults);
    }
    if (fieldsAreWritten && format.equals("openai") && operation.startsWith("POST ")) {
      openAi(operation.substring(5), caller, readings, faults);
    }
    if (format.equals("anthropic")) {
      tools(readings, faults);
    }
    return faults;
  }

  /** What the head says. */
  private void addressed(Arrival arrival, List<String> faults) {
    StringBuilder head = new StringBuilder(twiceDecoded(arrival.path()));
    head.append(' ').append(twiceDecoded(arrival.query()));
    arrival.fields().forEach((name, value) -> head.append(' ').append(value));
    account.mentioned(head.toString()).ifPresent(t -> faults.add("the head names " + t));
  }

  private static String twiceDecoded(String text) {
    return text.contains("%") ? LaxReader.urlDecoded(LaxReader.urlDecoded(text)) : text;
  }

  private void read(Grammar.Shape shape, Reading reading, List<String> faults) {
    if (!shape.refers) {
      return;
    }
    if (!reading.whole()) {
      account
          .mentioned(reading.text())
          .ifPresent(t -> faults.add("a body that is malformed contains " + t));
      return;
    }
    for (Leaf leaf : reading.leaves()) {
      Optional<Account.Thing> named =
          switch (shape.places.at(leaf.path())) {
            case TEXT -> Optional.empty();
            case REFERENCE -> account.mentioned(leaf.value());
            case OTHER -> account.named(leaf.value()).filter(Account.Thing::formed);
          };
      named.ifPresent(t -> faults.add(leaf.place() + " names " + t));
    }
  }

  /** Nothing is left behind, and names are separate. */
  private void openAi(String path, String caller, List<Reading> readings, List<String> faults) {
    boolean stores = path.equals("responses") || path.equals("chat/completions");
    for (Reading reading : readings) {
      Map<String, List<Leaf>> top = new HashMap<>();
      for (Leaf leaf : reading.leaves()) {
        if (leaf.path().size() == 1) {
          top.computeIfAbsent(leaf.path().getFirst(), n -> new ArrayList<>()).add(leaf);
        }
      }
      if (stores) {
        List<Leaf> said = top.getOrDefault("store", List.of());
        if (said.isEmpty()
            || !said.stream().allMatch(l -> l.value().equals("false") && !l.quoted())) {
          faults.add("store is " + said);
        }
      }
      if (stores
          && top.getOrDefault("background", List.of()).stream().anyMatch(l -> isTrue(l.value()))) {
        faults.add("background is true");
      }
      for (Leaf key : top.getOrDefault("promptcachekey", List.of())) {
        separate(cacheNames, key.value(), caller, "prompt_cache_key", faults);
      }
      for (Leaf key : top.getOrDefault("safetyidentifier", List.of())) {
        separate(identifiers, key.value(), caller, "safety_identifier", faults);
      }
    }
    tools(readings, faults);
  }

  private static boolean isTrue(String value) {
    return !Set.of("false", "null", "0", "").contains(value);
  }

  private static void separate(
      Map<String, String> known, String value, String caller, String name, List<String> faults) {
    if (value.contains("raw-key")) {
      faults.add(name + " passed as the caller sent it: " + value);
    }
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
            && path.contains("tools")
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
