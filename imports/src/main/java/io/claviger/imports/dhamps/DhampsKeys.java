package io.claviger.imports.dhamps;

import io.claviger.domain.keys.Secret;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDatabase.OldKeys;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.shared.ImportSource;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.KeySelection;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.SourceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the keys of services in dhamps-vdb. */
final class DhampsKeys {
  private static final int KEYS_AT_ONCE = 1_000;

  private final SourceDatabase source;
  private final SourceDecryption decryption;

  DhampsKeys(SourceDatabase source, SourceDecryption decryption) {
    this.source = source;
    this.decryption = decryption;
  }

  /**
   * Tries to decrypt all keys, so that a wrong legacy key is noticed before anything is written.
   *
   * @return the ids of the services with a key
   */
  Set<Long> services(SourceContent content, ReportBuilder report) {
    Map<Long, String> names = new HashMap<>();
    content.services().forEach(s -> names.putIfAbsent(s.id(), s.name()));
    List<Long> ids = List.copyOf(names.keySet());
    Set<Long> keyed = new HashSet<>();
    int encrypted = 0;
    int opened = 0;
    for (int from = 0; from < ids.size(); from += KEYS_AT_ONCE) {
      Map<Long, OldKeys> keys =
          source.keys(ids.subList(from, Math.min(ids.size(), from + KEYS_AT_ONCE)));
      for (Map.Entry<Long, OldKeys> one : keys.entrySet()) {
        keyed.add(one.getKey());
        SourceKey sealed = sealed(one.getValue());
        KeySelection selected = selected(sealed, one.getValue().plain());
        encrypted += one.getValue().encrypted().isPresent() ? 1 : 0;
        opened +=
            sealed instanceof SourceKey.Usable || sealed instanceof SourceKey.Unusable ? 1 : 0;
        if (selected.key().isPresent()) {
          selected.key().get().close();
          selected
              .leftOut()
              .ifPresent(
                  reason ->
                      report.addRemark(
                          ImportedKind.KEY,
                          names.getOrDefault(one.getKey(), "?"),
                          reason,
                          "its unencrypted copy was imported instead"));
        }
      }
    }
    if (encrypted > 0 && opened == 0 && decryption.hasKey()) {
      throw new ImportSource.WrongSourceKey(
          "none of the %d encrypted keys opens with the given legacy key, so it is the wrong one; nothing was imported"
              .formatted(encrypted));
    }
    return keyed;
  }

  private SourceKey sealed(OldKeys keys) {
    return keys.encrypted().map(decryption::open).orElse(new SourceKey.Absent());
  }

  /** Decides which of the two keys of a service is imported, and closes the other key. */
  private static KeySelection selected(SourceKey sealed, SourceKey plain) {
    KeySelection selected = KeySelection.of(sealed, plain);
    for (SourceKey found : List.of(sealed, plain)) {
      if (found instanceof SourceKey.Usable usable
          && selected.key().filter(key -> key == usable.secret()).isEmpty()) {
        usable.secret().close();
      }
    }
    return selected;
  }

  KeySelection of(long service) {
    return Optional.ofNullable(source.keys(List.of(service)).get(service))
        .map(keys -> selected(sealed(keys), keys.plain()))
        .orElseGet(() -> new KeySelection(Optional.<Secret>empty(), Optional.empty()));
  }
}
