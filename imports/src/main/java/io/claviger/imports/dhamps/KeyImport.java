package io.claviger.imports.dhamps;

import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.imports.dhamps.OwnershipResolver.ExistingRow;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDatabase.OldKeys;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.dhamps.rules.KeySelection;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decrypts old keys and seals each to its new service. The decrypted keys of one batch of services
 * are in memory at a time.
 */
final class KeyImport {
  private final ImportContext context;
  private final SourceDatabase old;
  private final SourceDecryption sealing;
  private final Sealer sealer;
  private int encrypted;
  private int opened;

  KeyImport(ImportContext context, SourceDatabase old, SourceDecryption sealing, Sealer sealer) {
    this.context = context;
    this.old = old;
    this.sealing = sealing;
    this.sealer = sealer;
  }

  /** The number of encrypted keys if the legacy key opened none of them; otherwise empty. */
  Optional<Integer> encryptedIfNoneOpened() {
    return encrypted > 0 && opened == 0 && sealing.hasKey()
        ? Optional.of(encrypted)
        : Optional.empty();
  }

  void recordImported(String name, AuditTarget service) {
    context.report.countImported(ImportedKind.KEY);
    context.journal.record(
        ImportedKind.KEY,
        name,
        service.id(),
        AuditAction.SERVICE_KEY_SET,
        service,
        List.of("api_key"));
  }

  Found of(Collection<Long> services) {
    Map<Long, KeySelection> choices = new HashMap<>();
    List<Secret> lent = new ArrayList<>();
    old.keys(services).forEach((id, keys) -> choices.put(id, select(keys, lent)));
    return new Found(choices, lent);
  }

  private KeySelection select(OldKeys keys, List<Secret> lent) {
    SourceKey sealed = keys.encrypted().map(this::open).orElse(new SourceKey.Absent());
    for (SourceKey found : List.of(sealed, keys.plain())) {
      if (found instanceof SourceKey.Usable usable) {
        lent.add(usable.secret());
      }
    }
    return KeySelection.of(sealed, keys.plain());
  }

  private SourceKey open(SourceDecryption.Sealed sealed) {
    encrypted++;
    SourceKey found = sealing.open(sealed);
    if (!(found instanceof SourceKey.Closed)) {
      opened++;
    }
    return found;
  }

  /**
   * Imports keys of services that an earlier run imported without their keys. A key is imported if
   * nobody has set another one and the service still has the same destination.
   */
  void importLateKeys(List<ExistingRow<OldService>> existing) {
    try (Found found = of(existing.stream().map(h -> h.row().id()).toList())) {
      importLateKeys(existing, found);
    }
  }

  private void importLateKeys(List<ExistingRow<OldService>> existing, Found found) {
    Map<Instance.Id, Destination> keyless =
        context.store.lockKeyless(
            existing.stream()
                .filter(h -> context.known(ImportedKind.KEY, h.row().name()).isEmpty())
                .filter(h -> found.hasKey(h.row().id()))
                .map(h -> new Instance.Id(h.id()))
                .toList());
    Map<Instance.Id, SealedValue> late = new HashMap<>();
    for (ExistingRow<OldService> one : existing) {
      Instance.Id id = new Instance.Id(one.id());
      Optional<Secret> key = found.take(one.row().id(), one.row().name());
      Optional<Destination> now = Optional.ofNullable(keyless.get(id));
      if (key.isEmpty()) {
        continue;
      }
      if (now.isEmpty()) {
        context.report.countExisting(ImportedKind.KEY);
      } else if (isSentTo(one, now.get())) {
        late.put(id, sealer.seal(key.get(), KeyBinding.ofApiKey(id, now.get())));
        recordImported(one.row().name(), target(one));
      } else {
        context.report.addLeftOut(
            ImportedKind.KEY, one.row().name(), ReportReason.DESTINATION_CHANGED_HERE);
      }
    }
    if (!late.isEmpty()) {
      context.store.setKeys(late, context.now);
    }
  }

  private boolean isSentTo(ExistingRow<OldService> one, Destination now) {
    return !now.placement().isNone()
        && new FieldConverter(context).destination(one.row().fields()).equals(Optional.of(now));
  }

  private static AuditTarget target(ExistingRow<OldService> one) {
    Instance.Ref ref = new Instance.Ref(one.owner().handle(), one.handle());
    User.Id owner = one.owner().id();
    return new AuditTarget(
        AuditTargets.service(ref).type(),
        Optional.of(one.id()),
        ref.toString(),
        Optional.of(owner));
  }

  /** The decrypted keys of one batch. They are wiped when it is closed. */
  final class Found implements AutoCloseable {
    private final Map<Long, KeySelection> choices;
    private final List<Secret> lent;

    private Found(Map<Long, KeySelection> choices, List<Secret> lent) {
      this.choices = choices;
      this.lent = lent;
    }

    boolean hasKey(long service) {
      return Optional.ofNullable(choices.get(service)).flatMap(KeySelection::key).isPresent();
    }

    /**
     * Returns the key to import for a service, if it has one. Adds to the report which of the
     * service's keys is not imported.
     */
    Optional<Secret> take(long service, String name) {
      Optional<KeySelection> choice = Optional.ofNullable(choices.get(service));
      if (choice.isEmpty()) {
        return Optional.empty();
      }
      context.report.countFound(ImportedKind.KEY);
      Optional<ReportReason> out = choice.get().leftOut();
      if (out.isPresent() && choice.get().key().isPresent()) {
        context.report.addRemark(
            ImportedKind.KEY, name, out.get(), "its unencrypted copy was imported instead");
      } else if (out.isPresent()) {
        context.report.addLeftOut(ImportedKind.KEY, name, out.get());
      }
      return choice.get().key();
    }

    Optional<SealedValue> takeSealed(OldService service, String name, Instance instance) {
      Optional<Secret> key = take(service.id(), name);
      if (key.isPresent() && instance.placement().isNone()) {
        context.report.addLeftOut(ImportedKind.KEY, name, ReportReason.STANDARD_TAKES_NO_KEY);
        return Optional.empty();
      }
      return key.map(
          k -> sealer.seal(k, KeyBinding.ofApiKey(instance.id(), instance.destination())));
    }

    @Override
    public void close() {
      lent.forEach(Secret::close);
    }
  }
}
