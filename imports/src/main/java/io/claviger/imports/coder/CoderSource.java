package io.claviger.imports.coder;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.FailureMode;
import io.claviger.imports.coder.CoderContent.OldModel;
import io.claviger.imports.coder.CoderContent.OldProvider;
import io.claviger.imports.coder.CoderContent.OldUser;
import io.claviger.imports.coder.CoderContent.OldUserKey;
import io.claviger.imports.coder.CoderRules.Destined;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ImportSource;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingModel;
import io.claviger.imports.shared.IncomingService;
import io.claviger.imports.shared.IncomingUser;
import io.claviger.imports.shared.IncomingUserKey;
import io.claviger.imports.shared.NewHandles;
import io.claviger.imports.shared.NotImported;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceKey;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.TargetStores;
import io.claviger.imports.shared.UnreadableSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Imports from a database of Coder. Each provider becomes a system-level service. Each model is in
 * the catalogue, bound to its provider's service. Users keep their own keys.
 */
public final class CoderSource implements ImportSource {
  /** The model of a service whose provider has no models. Every service has to name a model. */
  private static final ModelName NO_MODEL = new ModelName("none");

  private final SourceSnapshot source;
  private final DbCrypt crypt;
  private final TargetStores stores;
  private final Map<String, Handle> renames;
  private final HandleMapping known;
  private final Set<Endpoint> keysTo;

  /**
   * @param renames the new handles, keyed by names in Coder
   * @param known the operator's statements about which of Claviger's users correspond to which of
   *     Coder's users
   * @param keysTo the addresses to which users' keys may be sent even if a provider was changed
   *     after the keys were stored
   */
  public CoderSource(
      SourceSnapshot source,
      DbCrypt crypt,
      TargetStores stores,
      Map<String, Handle> renames,
      HandleMapping known,
      Set<Endpoint> keysTo) {
    this.source = source;
    this.crypt = crypt;
    this.stores = stores;
    this.renames = Map.copyOf(renames);
    this.known = known;
    this.keysTo = Set.copyOf(keysTo);
  }

  @Override
  public String program() {
    return "coder";
  }

  @Override
  public String identity() {
    return source.identity();
  }

  @Override
  public List<? extends Incoming> incoming(ReportBuilder report) {
    CoderContent content = CoderTables.read(source);
    demandRightKey(content);
    List<Incoming> incoming = new ArrayList<>();
    NewHandles ofServices = new NewHandles(renames);
    NewHandles ofUsers = new NewHandles(renames);
    Map<String, String> names = services(content, ofServices, incoming, report);
    models(content, names, incoming, report);
    users(content, ofUsers, names, incoming, report);
    demandKnownNames(ofServices, ofUsers);
    return incoming;
  }

  private void demandKnownNames(NewHandles ofServices, NewHandles ofUsers) {
    List<String> unknown =
        renames.keySet().stream()
            .filter(name -> !ofServices.used().contains(name) && !ofUsers.used().contains(name))
            .sorted()
            .toList();
    if (!unknown.isEmpty()) {
      throw new UnreadableSource("--rename: no imported thing is named " + unknown.get(0));
    }
    if (known.unused().isPresent()) {
      throw new UnreadableSource("--same: no imported user is named " + known.unused().get());
    }
  }

  private void demandRightKey(CoderContent content) {
    Set<String> digests = content.digests();
    boolean isProven =
        content.proofs().stream()
            .filter(proof -> proof.digest().map(digests::contains).orElse(false))
            .anyMatch(crypt::proves);
    if (crypt.hasKey() && !digests.isEmpty() && !isProven) {
      throw new WrongSourceKey(
          "the key in --key-file opens none of the encrypted keys, so it is the wrong one; nothing"
              + " was imported");
    }
  }

  /** Returns the names of all providers, keyed by the providers' ids. */
  private Map<String, String> services(
      CoderContent content, NewHandles handles, List<Incoming> incoming, ReportBuilder report) {
    Set<String> usersBring =
        content.userKeys().stream().map(OldUserKey::provider).collect(Collectors.toSet());
    Map<String, ModelName> models = firstModels(content);
    Map<String, String> names = new HashMap<>();
    for (OldProvider old : content.providers()) {
      names.put(old.id(), old.name());
      Optional<Handle> handle = handles.choose("s-", old.id(), Optional.of(old.name()));
      switch (CoderRules.destination(old)) {
        case Destined.LeftOut out ->
            leaveOut(report, ImportedKind.SERVICE, old.name(), out.reason(), out.detail());
        case Destined.To to -> {
          if (handle.isPresent()) {
            incoming.add(service(old, to, handle.get(), usersBring, models));
            remark(old, handle.get(), report);
          } else {
            leaveOut(report, ImportedKind.SERVICE, old.name(), ReportReason.HANDLE_TAKEN, "");
          }
        }
      }
    }
    return names;
  }

  private IncomingService service(
      OldProvider old,
      Destined.To to,
      Handle handle,
      Set<String> usersBring,
      Map<String, ModelName> models) {
    return new IncomingService(
        stores,
        old.id(),
        old.name(),
        new IncomingService.Fields(
            handle,
            to.provider(),
            to.endpoint(),
            models.getOrDefault(old.id(), NO_MODEL),
            CoderRules.displayName(old.displayName(), handle.value()),
            old.enabled(),
            CoderRules.policy(old.policy(), usersBring.contains(old.id()))),
        () -> old.keys().isEmpty() ? new SourceKey.Absent() : crypt.open(old.keys().get(0)),
        old.createdAt());
  }

  private static void remark(OldProvider old, Handle handle, ReportBuilder report) {
    if (!handle.value().equals(old.name())) {
      report.addRemark(
          ImportedKind.SERVICE, old.name(), ReportReason.HANDLE_FOLDED, handle.value());
    }
    boolean central = old.policy().map(CoderContent.OldPolicy::centralKey).orElse(true);
    if (old.keys().isEmpty() && central) {
      report.addRemark(
          ImportedKind.SERVICE,
          old.name(),
          ReportReason.DEPLOYMENT_KEY,
          "no key is stored; set CLAVIGER_DEPLOYMENT_KEY_"
              + old.type().toUpperCase(Locale.ROOT).replace('-', '_'));
    }
    for (int further = 1; further < old.keys().size(); further++) {
      report.addRemark(
          ImportedKind.KEY, old.name(), ReportReason.FURTHER_KEY, "a service has one key");
    }
  }

  /**
   * Returns the model for each provider's service: the default model if it belongs to the provider,
   * and otherwise the provider's oldest model.
   */
  private static Map<String, ModelName> firstModels(CoderContent content) {
    Map<String, ModelName> first = new HashMap<>();
    for (OldModel old : content.models().stream().sorted(CoderRules.DEFAULT_FIRST).toList()) {
      old.provider()
          .ifPresent(provider -> name(old).ifPresent(name -> first.putIfAbsent(provider, name)));
    }
    return first;
  }

  /**
   * Returns a model's name; empty if the name is invalid in Claviger. A model with an invalid name
   * is not imported.
   */
  private static Optional<ModelName> name(OldModel old) {
    try {
      return Optional.of(new ModelName(old.model()));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  private void models(
      CoderContent content,
      Map<String, String> names,
      List<Incoming> incoming,
      ReportBuilder report) {
    for (OldModel old : content.models().stream().sorted(CoderRules.DEFAULT_FIRST).toList()) {
      String label =
          old.provider().map(id -> names.getOrDefault(id, "?")).orElse("?") + "/" + old.model();
      if (old.provider().isEmpty()) {
        leaveOut(report, ImportedKind.MODEL, label, ReportReason.SERVICE_MISSING, "");
        continue;
      }
      try {
        ModelName model = new ModelName(old.model());
        incoming.add(
            new IncomingModel(
                stores,
                old.id(),
                label,
                new IncomingModel.Fields(
                    Optional.empty(),
                    List.of(new IncomingModel.Target(old.provider().get(), model)),
                    FailureMode.NONE,
                    CoderRules.displayName(old.displayName(), old.model()),
                    old.enabled(),
                    contextLimit(old),
                    old.compressionThreshold().map(CompressionThreshold::new)),
                old.createdAt()));
      } catch (InvalidValue e) {
        leaveOut(
            report,
            ImportedKind.MODEL,
            label,
            ReportReason.invalid(e.field()),
            e.field() + ": " + e.allowed());
      }
    }
  }

  private static Optional<ContextLimit> contextLimit(OldModel old) {
    return old.contextLimit()
        .filter(limit -> limit > 0)
        .map(limit -> new ContextLimit((int) Math.min(limit, Integer.MAX_VALUE)));
  }

  private void users(
      CoderContent content,
      NewHandles handles,
      Map<String, String> services,
      List<Incoming> incoming,
      ReportBuilder report) {
    Map<String, String> names = new HashMap<>();
    for (OldUser old : content.users()) {
      names.put(old.id(), old.username());
      if (!old.active()) {
        leaveOut(report, ImportedKind.USER, old.username(), ReportReason.BLOCKED, "");
        continue;
      }
      Optional<Handle> handle = handles.choose("u-", old.id(), Optional.of(old.username()));
      incoming.add(
          new IncomingUser(
              stores,
              old.id(),
              old.username(),
              known.user(old.id(), Optional.of(old.username())),
              handle,
              Optional.of(old.name()),
              Optional.of(old.email()),
              false,
              old.createdAt()));
    }
    Map<String, OldProvider> providers = new HashMap<>();
    content.providers().forEach(old -> providers.put(old.id(), old));
    for (OldUserKey old : content.userKeys()) {
      String label =
          names.getOrDefault(old.user(), "?") + " " + services.getOrDefault(old.provider(), "?");
      incoming.add(userKey(old, label, Optional.ofNullable(providers.get(old.provider()))));
    }
  }

  private Incoming userKey(OldUserKey old, String label, Optional<OldProvider> provider) {
    if (provider.isEmpty() || !(CoderRules.destination(provider.get()) instanceof Destined.To to)) {
      return notTaken(old, label, ReportReason.SERVICE_MISSING, "");
    }
    return CoderRules.mayGo(old, provider.get(), to, keysTo)
        ? new IncomingUserKey(
            stores,
            old.id(),
            label,
            old.user(),
            old.provider(),
            to.endpoint(),
            to.provider().defaultStandard(),
            () -> crypt.open(old.key()))
        : notTaken(
            old, label, ReportReason.DESTINATION_CHANGED_THERE, provider.get().baseUrl().strip());
  }

  private static Incoming notTaken(
      OldUserKey old, String label, ReportReason reason, String detail) {
    return new NotImported(
        ImportedKind.USER_KEY,
        old.id(),
        label,
        IncomingUserKey.needed(old.user(), old.provider()),
        reason,
        detail);
  }

  private static void leaveOut(
      ReportBuilder report, ImportedKind kind, String name, ReportReason reason, String detail) {
    report.countFound(kind);
    report.addLeftOut(kind, name, reason, detail);
  }
}
