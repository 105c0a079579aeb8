package io.claviger.imports.dhamps;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDatabase.OldKeys;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.dhamps.rules.FieldTranslation;
import io.claviger.imports.dhamps.rules.FieldTranslation.KnownStandard;
import io.claviger.imports.dhamps.rules.FieldTranslation.Translated;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.dhamps.rules.SourceContent.OldProject;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;
import io.claviger.imports.dhamps.rules.SourceContent.OldUser;
import io.claviger.imports.dhamps.rules.SourceKeyPlacement;
import io.claviger.imports.dhamps.rules.StandardTranslation;
import io.claviger.imports.shared.HandleAllocation;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleAllocation.Claim;
import io.claviger.imports.shared.HereStores;
import io.claviger.imports.shared.ImportSource;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingDefinition;
import io.claviger.imports.shared.IncomingKey;
import io.claviger.imports.shared.IncomingOwnedService;
import io.claviger.imports.shared.IncomingOwner;
import io.claviger.imports.shared.IncomingStandard;
import io.claviger.imports.shared.IncomingUser;
import io.claviger.imports.shared.KeySelection;
import io.claviger.imports.shared.KnownHere;
import io.claviger.imports.shared.NotTaken;
import io.claviger.imports.shared.Remarked;
import io.claviger.imports.shared.Remarked.Remark;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceKey;
import io.claviger.imports.shared.UnreadableSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A database of dhamps-vdb. Users, API standards, definitions, services with their keys, shares and
 * projects come under the names that they have there.
 */
public final class DhampsSource implements ImportSource {
  private static final int KEYS_AT_ONCE = 1_000;

  private final SourceDatabase source;
  private final SourceDecryption decryption;
  private final HereStores here;
  private final Map<String, Handle> renames;
  private final KnownHere known;
  private final Instant now;

  /**
   * @param renames new handles by old names: {@code Dr.No} names a user, {@code alice/cohere}
   *     something that a user owns
   * @param known who people there are here
   * @param now counts as the time of what has none there
   */
  public DhampsSource(
      SourceDatabase source,
      SourceDecryption decryption,
      HereStores here,
      Map<String, Handle> renames,
      KnownHere known,
      Instant now) {
    this.source = source;
    this.decryption = decryption;
    this.here = here;
    this.renames = Map.copyOf(renames);
    this.known = known;
    this.now = now;
  }

  @Override
  public String program() {
    return "dhamps";
  }

  @Override
  public String identity() {
    return source.identity();
  }

  @Override
  public List<? extends Incoming> incoming(ReportBuilder report) {
    SourceContent content = source.content();
    demandKnownNames(content);
    List<Incoming> incoming = new ArrayList<>();
    users(content, incoming);
    if (known.unused().isPresent()) {
      throw new UnreadableSource("--same: nobody who comes is named " + known.unused().get());
    }
    Map<String, KnownStandard> standards = standards(content, incoming, report);
    SharesThere shares = new SharesThere(here, content);
    definitions(content, standards, incoming);
    shares.addOfDefinitions(incoming, report);
    services(content, standards, incoming, report);
    shares.addOfServices(incoming, report);
    projects(content, incoming, report);
    return incoming;
  }

  private void demandKnownNames(SourceContent content) {
    Set<String> names = new HashSet<>();
    content.users().forEach(u -> names.add(u.handle()));
    content.definitions().forEach(d -> names.add(d.name()));
    content.services().forEach(s -> names.add(s.name()));
    content.projects().forEach(p -> names.add(p.name()));
    Optional<String> unknown =
        renames.keySet().stream().filter(name -> !names.contains(name)).sorted().findFirst();
    if (unknown.isPresent()) {
      throw new UnreadableSource("--rename: nothing that comes is named " + unknown.get());
    }
  }

  private void users(SourceContent content, List<Incoming> incoming) {
    List<OldUser> all =
        content.users().stream()
            .filter(user -> !user.handle().equals(Handle.SYSTEM.value()))
            .toList();
    List<OldUser> claiming =
        all.stream().filter(u -> known.user(u.handle(), Optional.empty()).isEmpty()).toList();
    Map<String, Allocation> allocated =
        allocate(claiming, OldUser::handle, OldUser::handle, u -> u.stamps().createdAt());
    for (OldUser user : all) {
      Optional<Handle> same = known.user(user.handle(), Optional.empty());
      Allocation allocation =
          allocated.getOrDefault(
              user.handle(), new Allocation.LeftOut(ReportReason.INVALID_HANDLE));
      if (same.isPresent()) {
        incoming.add(user(user, same, Optional.empty()));
      } else if (allocation instanceof Allocation.Gets gets) {
        incoming.add(user(user, Optional.empty(), Optional.of(gets.handle())));
      } else if (allocation instanceof Allocation.LeftOut out) {
        incoming.add(new NotTaken(ImportedKind.USER, user.handle(), out.reason(), ""));
      }
    }
  }

  private IncomingUser user(OldUser user, Optional<Handle> same, Optional<Handle> handle) {
    return new IncomingUser(
        here,
        user.handle(),
        user.handle(),
        same,
        handle,
        user.name(),
        user.email(),
        user.stamps().createdAt().orElse(now));
  }

  /** Decides who gets which handle, by the names there. The first of several with a name counts. */
  private <T> Map<String, Allocation> allocate(
      List<T> rows,
      Function<T, String> name,
      Function<T, String> handle,
      Function<T, Optional<Instant>> since) {
    Map<String, T> first = new HashMap<>();
    List<T> claiming =
        rows.stream().filter(row -> first.putIfAbsent(name.apply(row), row) == null).toList();
    List<Allocation> verdicts =
        HandleAllocation.decide(
            claiming.stream()
                .map(
                    row ->
                        new Claim(
                            handle.apply(row),
                            Optional.ofNullable(renames.get(name.apply(row))),
                            since.apply(row)))
                .toList(),
            handleHere -> false);
    Map<String, Allocation> allocated = new HashMap<>();
    for (int i = 0; i < claiming.size(); i++) {
      allocated.put(name.apply(claiming.get(i)), verdicts.get(i));
    }
    return allocated;
  }

  private static Map<String, Set<String>> urlsByStandard(SourceContent content) {
    Map<String, Set<String>> urls = new HashMap<>();
    Stream.concat(
            content.definitions().stream().map(OldDefinition::fields),
            content.services().stream().map(OldService::fields))
        .forEach(
            f -> urls.computeIfAbsent(f.standard(), s -> new LinkedHashSet<>()).add(f.endpoint()));
    return urls;
  }

  /** Those that exist here are kept unchanged. Returns what standards there are here. */
  private Map<String, KnownStandard> standards(
      SourceContent content, List<Incoming> incoming, ReportBuilder report) {
    Map<String, Set<String>> urls = urlsByStandard(content);
    Set<String> came = here.cameFrom(identity(), ImportedKind.STANDARD);
    Map<String, KnownStandard> standards = new HashMap<>();
    List<OldStandard> claiming = new ArrayList<>();
    for (OldStandard old : content.standards()) {
      Optional<ApiStandard> existing = HandleNormalizer.fold(old.handle()).flatMap(here::standard);
      if (existing.isPresent()) {
        standards.put(old.handle(), new KnownStandard(existing.get(), came.contains(old.handle())));
        keep(old, existing.get(), report);
      } else {
        claiming.add(old);
      }
    }
    Map<String, Allocation> allocated =
        allocate(claiming, OldStandard::handle, OldStandard::handle, s -> s.stamps().createdAt());
    for (OldStandard old : claiming) {
      Optional<ApiStandard> made =
          standard(
              old,
              Optional.ofNullable(allocated.get(old.handle())).orElseThrow(),
              urls.getOrDefault(old.handle(), Set.of()),
              incoming);
      if (made.isPresent() && !came.contains(old.handle())) {
        standards.put(old.handle(), new KnownStandard(made.get(), true));
      }
    }
    return standards;
  }

  private static void keep(OldStandard old, ApiStandard existing, ReportBuilder report) {
    report.countFound(ImportedKind.STANDARD);
    report.countExisting(ImportedKind.STANDARD);
    if (SourceKeyPlacement.differs(old, existing.placement())) {
      report.addRemark(
          ImportedKind.STANDARD,
          old.handle(),
          ReportReason.TRAVELS_OTHERWISE,
          "the existing standard is kept: %s %s"
              .formatted(existing.placement().method().wireName(), existing.placement().field())
              .strip());
    }
  }

  private Optional<ApiStandard> standard(
      OldStandard old, Allocation allocation, Set<String> urls, List<Incoming> incoming) {
    if (allocation instanceof Allocation.LeftOut out) {
      incoming.add(new NotTaken(ImportedKind.STANDARD, old.handle(), out.reason(), ""));
      return Optional.empty();
    }
    Allocation.Gets gets = (Allocation.Gets) allocation;
    try {
      StandardTranslation made = StandardTranslation.of(old, gets.handle(), urls, now);
      incoming.add(
          new Remarked(
              new IncomingStandard(here, old.handle(), made.standard()),
              withHandle(gets, made.remarks())));
      return Optional.of(made.standard());
    } catch (InvalidValue e) {
      incoming.add(
          new NotTaken(
              ImportedKind.STANDARD, old.handle(), ReportReason.invalid(e.field()), e.allowed()));
      return Optional.empty();
    }
  }

  private static List<Remark> withHandle(Allocation.Gets gets, List<Remark> others) {
    List<Remark> remarks = new ArrayList<>();
    gets.how().ifPresent(how -> remarks.add(new Remark(how, gets.handle().value())));
    remarks.addAll(others);
    return remarks;
  }

  /** What rules decide for a thing that somebody owns. */
  private sealed interface Placed {
    record As(Handle handle, List<Remark> remarks) implements Placed {}

    record Nowhere(Incoming why) implements Placed {}
  }

  /**
   * @param ofSystemToo whether a thing of {@code _system} comes
   */
  private Placed place(
      ImportedKind kind, String owner, String name, Allocation allocation, boolean ofSystemToo) {
    IncomingOwner owning = ownerOf(owner);
    if (owning.user().isEmpty() && !ofSystemToo) {
      return new Placed.Nowhere(new NotTaken(kind, name, ReportReason.BELONGS_TO_SYSTEM, ""));
    }
    return switch (allocation) {
      case Allocation.LeftOut out ->
          new Placed.Nowhere(new NotTaken(kind, name, name, owning.needed(), out.reason(), ""));
      case Allocation.Gets gets -> new Placed.As(gets.handle(), withHandle(gets, List.of()));
    };
  }

  static IncomingOwner ownerOf(String user) {
    return new IncomingOwner(Optional.of(user).filter(u -> !u.equals(Handle.SYSTEM.value())));
  }

  /** Allocates handles among the things of each owner. */
  private <T> Map<String, Allocation> allocateByOwner(
      List<T> rows,
      Function<T, String> owner,
      Function<T, String> name,
      Function<T, String> handle,
      Function<T, Optional<Instant>> since) {
    Map<String, List<T>> byOwner = new HashMap<>();
    rows.forEach(row -> byOwner.computeIfAbsent(owner.apply(row), o -> new ArrayList<>()).add(row));
    Map<String, Allocation> allocated = new HashMap<>();
    byOwner.values().forEach(own -> allocated.putAll(allocate(own, name, handle, since)));
    return allocated;
  }

  private void definitions(
      SourceContent content, Map<String, KnownStandard> standards, List<Incoming> incoming) {
    Map<String, Allocation> allocated =
        allocateByOwner(
            content.definitions(),
            OldDefinition::owner,
            OldDefinition::name,
            OldDefinition::handle,
            d -> d.stamps().createdAt());
    for (OldDefinition old : content.definitions()) {
      Placed placed =
          place(
              ImportedKind.DEFINITION,
              old.owner(),
              old.name(),
              Optional.ofNullable(allocated.get(old.name())).orElseThrow(),
              true);
      incoming.add(
          translated(
              ImportedKind.DEFINITION,
              old.owner(),
              old.name(),
              placed,
              FieldTranslation.of(old.fields(), standards),
              (handle, fields) ->
                  new IncomingDefinition(
                      here,
                      old.name(),
                      ownerOf(old.owner()),
                      handle,
                      fields,
                      old.isPublic(),
                      old.stamps().createdAt())));
    }
  }

  @FunctionalInterface
  private interface Making {
    Incoming with(Handle handle, DefinitionFields fields);
  }

  private static Incoming translated(
      ImportedKind kind,
      String owner,
      String name,
      Placed placed,
      Translated translated,
      Making making) {
    if (placed instanceof Placed.Nowhere nowhere) {
      return nowhere.why();
    }
    Placed.As as = (Placed.As) placed;
    return switch (translated) {
      case Translated.LeftOut out ->
          new NotTaken(kind, name, name, ownerOf(owner).needed(), out.reason(), out.detail());
      case Translated.To to -> {
        List<Remark> remarks = new ArrayList<>(as.remarks());
        to.withoutDescription()
            .ifPresent(why -> remarks.add(new Remark(ReportReason.INVALID_DESCRIPTION, why)));
        yield new Remarked(making.with(as.handle(), to.fields()), remarks);
      }
    };
  }

  private void services(
      SourceContent content,
      Map<String, KnownStandard> standards,
      List<Incoming> incoming,
      ReportBuilder report) {
    Map<Long, String> definitions = new HashMap<>();
    content.definitions().forEach(d -> definitions.putIfAbsent(d.id(), d.name()));
    Map<String, Allocation> allocated =
        allocateByOwner(
            content.services(),
            OldService::owner,
            OldService::name,
            OldService::handle,
            s -> s.stamps().createdAt());
    Set<Long> keyed = servicesWithKeys(content, report);
    Set<String> named = new HashSet<>();
    for (OldService old : content.services()) {
      Placed placed =
          place(
              ImportedKind.SERVICE,
              old.owner(),
              old.name(),
              Optional.ofNullable(allocated.get(old.name())).orElseThrow(),
              false);
      Translated fields = FieldTranslation.of(old.fields(), standards);
      incoming.add(
          translated(
              ImportedKind.SERVICE,
              old.owner(),
              old.name(),
              placed,
              fields,
              (handle, its) ->
                  new IncomingOwnedService(
                      here,
                      old.name(),
                      ownerOf(old.owner()),
                      handle,
                      its,
                      old.definition().map(id -> definitions.getOrDefault(id, "?")),
                      old.stamps().createdAt())));
      if (named.add(old.name())
          && keyed.contains(old.id())
          && fields instanceof Translated.To to
          && ownerOf(old.owner()).user().isPresent()) {
        incoming.add(
            new IncomingKey(
                here,
                old.name(),
                to.fields().endpoint(),
                to.fields().apiStandard(),
                () -> keyOf(old.id())));
      }
    }
  }

  /**
   * Tries all keys, so that a wrong legacy key is found before anything is written.
   *
   * @return the services that have a key
   */
  private Set<Long> servicesWithKeys(SourceContent content, ReportBuilder report) {
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
                          "its unencrypted copy comes instead"));
        }
      }
    }
    if (encrypted > 0 && opened == 0 && decryption.hasKey()) {
      throw new WrongSourceKey(
          "none of the %d encrypted keys opens with the given legacy key, so it is the wrong one; nothing was imported"
              .formatted(encrypted));
    }
    return keyed;
  }

  private SourceKey sealed(OldKeys keys) {
    return keys.encrypted().map(decryption::open).orElse(new SourceKey.Absent());
  }

  /** Closes the key that is not selected. */
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

  private KeySelection keyOf(long service) {
    return Optional.ofNullable(source.keys(List.of(service)).get(service))
        .map(keys -> selected(sealed(keys), keys.plain()))
        .orElseGet(() -> new KeySelection(Optional.<Secret>empty(), Optional.empty()));
  }

  private void projects(SourceContent content, List<Incoming> incoming, ReportBuilder report) {
    Map<String, Allocation> allocated =
        allocateByOwner(
            content.projects(),
            OldProject::owner,
            OldProject::name,
            OldProject::handle,
            p -> p.stamps().createdAt());
    ProjectsThere projects = new ProjectsThere(here, content);
    for (OldProject old : content.projects()) {
      Placed placed =
          place(
              ImportedKind.PROJECT,
              old.owner(),
              old.name(),
              Optional.ofNullable(allocated.get(old.name())).orElseThrow(),
              false);
      switch (placed) {
        case Placed.Nowhere nowhere -> incoming.add(nowhere.why());
        case Placed.As as -> incoming.add(projects.project(old, as.handle(), as.remarks()));
      }
      projects.addLinks(old, incoming);
      if (ownerOf(old.owner()).user().isPresent()) {
        ProjectsThere.addRemarks(old, report);
      }
    }
    projects.addMembers(incoming, report);
  }
}
