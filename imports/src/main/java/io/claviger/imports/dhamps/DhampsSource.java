package io.claviger.imports.dhamps;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.dhamps.rules.FieldTranslation;
import io.claviger.imports.dhamps.rules.FieldTranslation.KnownStandard;
import io.claviger.imports.dhamps.rules.FieldTranslation.Translated;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.dhamps.rules.SourceContent.OldProject;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldUser;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleMapping;
import io.claviger.imports.shared.ImportSource;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingDefinition;
import io.claviger.imports.shared.IncomingKey;
import io.claviger.imports.shared.IncomingOwnedService;
import io.claviger.imports.shared.IncomingUser;
import io.claviger.imports.shared.NotImported;
import io.claviger.imports.shared.Remarked;
import io.claviger.imports.shared.Remarked.Remark;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.TargetStores;
import io.claviger.imports.shared.UnreadableSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Imports from a database of dhamps-vdb. Users, API standards, definitions, shares, projects, and
 * services with their keys keep the names that they have in dhamps-vdb.
 */
public final class DhampsSource implements ImportSource {
  private final SourceDatabase source;
  private final DhampsKeys keys;
  private final DhampsHandles handles;
  private final TargetStores stores;
  private final Map<String, Handle> renames;
  private final HandleMapping known;
  private final Instant now;

  /**
   * @param renames the new handles, keyed by old names, where {@code Dr.No} is a user's old handle,
   *     and {@code alice/cohere} is the old name of a user's thing
   * @param known the operator's statements about which of Claviger's users correspond to which of
   *     dhamps-vdb's users
   * @param now the time for rows without a time
   */
  public DhampsSource(
      SourceDatabase source,
      SourceDecryption decryption,
      TargetStores stores,
      Map<String, Handle> renames,
      HandleMapping known,
      Instant now) {
    this.source = source;
    this.keys = new DhampsKeys(source, decryption);
    this.handles = new DhampsHandles(renames);
    this.stores = stores;
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
      throw new UnreadableSource("--same: no imported user is named " + known.unused().get());
    }
    Map<String, KnownStandard> standards =
        new DhampsStandards(stores, identity(), handles, now).addTo(incoming, content, report);
    DhampsShares shares = new DhampsShares(stores, content);
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
      throw new UnreadableSource("--rename: no imported thing is named " + unknown.get());
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
        handles.allocate(claiming, OldUser::handle, OldUser::handle, u -> u.stamps().createdAt());
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
        incoming.add(new NotImported(ImportedKind.USER, user.handle(), out.reason(), ""));
      }
    }
  }

  private IncomingUser user(OldUser user, Optional<Handle> same, Optional<Handle> handle) {
    return new IncomingUser(
        stores,
        user.handle(),
        user.handle(),
        same,
        handle,
        user.name(),
        user.email(),
        false,
        user.stamps().createdAt().orElse(now));
  }

  private void definitions(
      SourceContent content, Map<String, KnownStandard> standards, List<Incoming> incoming) {
    Map<String, Allocation> allocated =
        handles.ofOwners(
            content.definitions(),
            OldDefinition::owner,
            OldDefinition::name,
            OldDefinition::handle,
            d -> d.stamps().createdAt());
    for (OldDefinition old : content.definitions()) {
      DhampsHandles.Placed placed =
          DhampsHandles.place(
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
                      stores,
                      old.name(),
                      DhampsHandles.ownerOf(old.owner()),
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
      DhampsHandles.Placed placed,
      Translated translated,
      Making making) {
    if (placed instanceof DhampsHandles.Placed.Nowhere nowhere) {
      return nowhere.why();
    }
    DhampsHandles.Placed.As as = (DhampsHandles.Placed.As) placed;
    return switch (translated) {
      case Translated.LeftOut out ->
          new NotImported(
              kind, name, name, DhampsHandles.ownerOf(owner).needed(), out.reason(), out.detail());
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
        handles.ofOwners(
            content.services(),
            OldService::owner,
            OldService::name,
            OldService::handle,
            s -> s.stamps().createdAt());
    Set<Long> keyed = keys.services(content, report);
    Set<String> named = new HashSet<>();
    for (OldService old : content.services()) {
      DhampsHandles.Placed placed =
          DhampsHandles.place(
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
                      stores,
                      old.name(),
                      DhampsHandles.ownerOf(old.owner()),
                      handle,
                      its,
                      old.definition().map(id -> definitions.getOrDefault(id, "?")),
                      old.stamps().createdAt())));
      if (named.add(old.name())
          && keyed.contains(old.id())
          && fields instanceof Translated.To to
          && DhampsHandles.ownerOf(old.owner()).user().isPresent()) {
        incoming.add(
            new IncomingKey(
                stores,
                old.name(),
                to.fields().endpoint(),
                to.fields().apiStandard(),
                () -> keys.of(old.id())));
      }
    }
  }

  private void projects(SourceContent content, List<Incoming> incoming, ReportBuilder report) {
    Map<String, Allocation> allocated =
        handles.ofOwners(
            content.projects(),
            OldProject::owner,
            OldProject::name,
            OldProject::handle,
            p -> p.stamps().createdAt());
    DhampsProjects projects = new DhampsProjects(stores, content);
    for (OldProject old : content.projects()) {
      DhampsHandles.Placed placed =
          DhampsHandles.place(
              ImportedKind.PROJECT,
              old.owner(),
              old.name(),
              Optional.ofNullable(allocated.get(old.name())).orElseThrow(),
              false);
      switch (placed) {
        case DhampsHandles.Placed.Nowhere nowhere -> incoming.add(nowhere.why());
        case DhampsHandles.Placed.As as ->
            incoming.add(projects.project(old, as.handle(), as.remarks()));
      }
      projects.addLinks(old, incoming);
      if (DhampsHandles.ownerOf(old.owner()).user().isPresent()) {
        DhampsProjects.addRemarks(old, report);
      }
    }
    projects.addMembers(incoming, report);
  }
}
