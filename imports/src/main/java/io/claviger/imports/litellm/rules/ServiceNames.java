package io.claviger.imports.litellm.rules;

import io.claviger.domain.Sha256;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedService;
import io.claviger.imports.shared.EarlierService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds out which planned services an earlier run has created. A name in the journal of imports is
 * not enough: a model in LiteLLM can get another endpoint or key, and earlier versions of this
 * import named entries of the file {@code config.yaml} by their position. So services are first
 * compared by their endpoints and keys, and then by their names.
 */
final class ServiceNames {
  private static final Pattern POSITION =
      Pattern.compile("(config/.*)/[0-9]{1,9}(?:/compatible)?", Pattern.DOTALL);
  private static final int SHORT = 8;

  private final List<PlannedService> planned;
  private final List<EarlierService> earlierServices;
  private final Map<String, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  private ServiceNames(List<PlannedService> planned, List<EarlierService> earlierServices) {
    this.planned = planned;
    this.earlierServices = earlierServices;
  }

  /**
   * Returns the names of the planned services in the journal of imports, keyed by {@link
   * PlannedService#name}. No two services have the same name.
   *
   * @param earlierServices the services that earlier runs have created, oldest first
   */
  static Map<String, String> of(
      List<PlannedService> planned, List<EarlierService> earlierServices) {
    ServiceNames all = new ServiceNames(planned, earlierServices);
    all.find((service, earlier) -> isAt(service, earlier) && earlier.hasKey().test(service.key()));
    // In the next case, somebody has replaced the key, in Claviger or in LiteLLM.
    all.find((service, earlier) -> isAt(service, earlier) && all.isSurelyNamed(service, earlier));
    all.find((service, earlier) -> wasMoved(earlier) && all.isSurelyNamed(service, earlier));
    planned.forEach(all::add);
    return all.names;
  }

  private void find(BiPredicate<PlannedService, EarlierService> isSame) {
    for (PlannedService service : planned) {
      if (!names.containsKey(service.name())) {
        List<EarlierService> same = new ArrayList<>();
        earlierServices.stream()
            .filter(earlier -> !taken.contains(earlier.name()) && isSame.test(service, earlier))
            .forEach(same::add);
        same.stream()
            .filter(earlier -> isNamed(service, earlier))
            .findFirst()
            .or(() -> same.stream().findFirst())
            .ifPresent(
                earlier -> {
                  String unused = names.put(service.name(), earlier.name());
                  boolean unusedToo = taken.add(earlier.name());
                });
      }
    }
  }

  private static boolean isAt(PlannedService service, EarlierService earlier) {
    return earlier
        .place()
        .filter(at -> at.provider().equals(service.place().provider()))
        .filter(at -> at.endpoint().equals(service.place().endpoint()))
        .isPresent();
  }

  private static boolean isNamed(PlannedService service, EarlierService earlier) {
    return service.ids().contains(earlier.name());
  }

  /**
   * Whether the name alone shows that the planned service is the earlier service. A name that
   * contains a position in the file shows this only if there was never more than one entry with the
   * same alias. If there was more than one, an entry might have been inserted or moved, and the
   * position might now be that of another entry.
   */
  private boolean isSurelyNamed(PlannedService service, EarlierService earlier) {
    Optional<String> alias = aliasOfPosition(earlier.name());
    return isNamed(service, earlier)
        && (alias.isEmpty()
            || Stream.concat(
                        earlierServices.stream().map(EarlierService::name),
                        planned.stream().flatMap(each -> each.ids().stream()))
                    .filter(id -> aliasOfPosition(id).equals(alias))
                    .distinct()
                    .count()
                == 1);
  }

  /**
   * Returns the alias in a name that contains a position; empty if the name contains no position.
   */
  private static Optional<String> aliasOfPosition(String name) {
    Matcher position = POSITION.matcher(name);
    return position.matches() ? Optional.of(position.group(1)) : Optional.empty();
  }

  /**
   * Whether an earlier service was deleted or got another endpoint in Claviger, so that its
   * endpoint does not show to which service of LiteLLM it corresponds.
   */
  private static boolean wasMoved(EarlierService earlier) {
    return earlier.place().map(EarlierService.Place::setHere).orElse(true);
  }

  /** Names a new service. */
  private void add(PlannedService service) {
    if (!names.containsKey(service.name())) {
      String at = Sha256.hex(service.place().endpoint().url()).substring(0, SHORT);
      String name = service.name();
      for (int n = 1; isTaken(name); n++) {
        name = service.name() + "/" + at + (n == 1 ? "" : "/" + n);
      }
      String unused = names.put(service.name(), name);
    }
  }

  private boolean isTaken(String name) {
    return names.containsValue(name)
        || earlierServices.stream().anyMatch(each -> each.name().equals(name));
  }
}
