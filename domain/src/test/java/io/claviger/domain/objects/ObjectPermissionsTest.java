package io.claviger.domain.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.objects.Isolation.OwnObjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All combinations of callers, actions, rows and shares. */
class ObjectPermissionsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final UUID BOB = new UUID(1, 1);
  private static final UUID EVE = new UUID(1, 2);
  private static final UUID OWNER = new UUID(1, 3);
  private static final UUID PROJECT = new UUID(2, 1);
  private static final UUID OTHER_PROJECT = new UUID(2, 2);
  private static final UUID TOKEN = new UUID(3, 1);
  private static final UUID NARROWED = new UUID(3, 2);
  private static final List<UUID> PEOPLE = List.of(BOB, EVE, OWNER);
  private static final List<ObjectHolder> HOLDERS =
      List.of(
          ObjectHolder.user(BOB),
          ObjectHolder.user(EVE),
          ObjectHolder.user(OWNER),
          ObjectHolder.project(PROJECT),
          ObjectHolder.project(OTHER_PROJECT));

  private record Case(
      ObjectCaller caller,
      ObjectAction action,
      Optional<ProviderObject> known,
      Optional<SharedObject> shared) {
    boolean allowed() {
      return ObjectPermissions.allows(caller, action, OwnObjects.ALL, known, shared, NOW);
    }

    boolean allowedIfNotLent() {
      return ObjectPermissions.allows(caller, action, OwnObjects.NONE, known, shared, NOW);
    }

    boolean allowedIfHeld() {
      return ObjectPermissions.allows(caller, action, OwnObjects.HELD, known, shared, NOW);
    }

    boolean isEnding() {
      return known.filter(o -> o.state().isEnding()).isPresent();
    }

    Optional<ObjectHolder> liveHolder() {
      return known.filter(o -> o.isLiveAt(NOW)).flatMap(ProviderObject::holder);
    }
  }

  @Test
  void onlyWhatIsSharedIsUsableIfItsKindIsNotLent() {
    assertThat(cases())
        .filteredOn(c -> c.shared().isEmpty())
        .isNotEmpty()
        .noneMatch(Case::allowedIfNotLent);
    assertThat(cases())
        .filteredOn(Case::allowedIfNotLent)
        .isNotEmpty()
        .allMatch(Case::allowed)
        .noneMatch(c -> c.action() == ObjectAction.ADD || c.action() == ObjectAction.DELETE);
  }

  @Test
  void whatOnlyHoldersMayUseIsNotTheAccountOwnersIfNobodyHoldsIt() {
    assertThat(cases())
        .filteredOn(c -> c.liveHolder().isPresent())
        .isNotEmpty()
        .allMatch(c -> c.allowedIfHeld() == c.allowed());
    assertThat(cases())
        .filteredOn(c -> c.liveHolder().isEmpty())
        .isNotEmpty()
        .allMatch(c -> c.allowedIfHeld() == c.allowedIfNotLent());
  }

  @Test
  void nobodyReachesWhatSomebodyElseHolds() {
    assertThat(cases())
        .filteredOn(c -> c.shared().isEmpty())
        .filteredOn(c -> c.liveHolder().isPresent())
        .filteredOn(c -> !c.liveHolder().get().equals(c.caller().holder()))
        .isNotEmpty()
        .noneMatch(Case::allowed);
  }

  @Test
  void holdersReadReferAndAddToWhatTheyHoldAndTheirTokensReach() {
    assertThat(cases())
        .filteredOn(c -> c.liveHolder().filter(c.caller().holder()::equals).isPresent())
        .filteredOn(c -> c.shared().isEmpty())
        .filteredOn(c -> c.action() != ObjectAction.DELETE)
        .isNotEmpty()
        .allMatch(
            c ->
                c.allowed()
                    == (!c.caller().confined()
                        || c.known().get().tokens().contains(c.caller().token())));
  }

  @Test
  void noShareLetsAnybodyAddToOrDeleteAnything() {
    assertThat(cases())
        .filteredOn(c -> c.action() == ObjectAction.ADD || c.action() == ObjectAction.DELETE)
        .filteredOn(c -> c.shared().isPresent())
        .isNotEmpty()
        .allMatch(
            c ->
                c.allowed()
                    == new Case(c.caller(), c.action(), c.known(), Optional.empty()).allowed());
  }

  @Test
  void usersDeleteTheirOwnAndMakersAndManagersDeleteThoseOfProjects() {
    assertThat(cases())
        .filteredOn(c -> c.liveHolder().filter(c.caller().holder()::equals).isPresent())
        .filteredOn(c -> c.action() == ObjectAction.DELETE)
        .filteredOn(c -> !c.caller().confined())
        .isNotEmpty()
        .allMatch(
            c ->
                c.allowed()
                    == (c.caller().holder().kind() == ObjectHolder.Kind.USER
                        || c.caller().managesProject()
                        || c.known().get().maker().equals(c.caller().user())));
  }

  @Test
  void whatNobodyHoldsIsForWhoeverOwnsTheAccountAndNotForCoOwners() {
    assertThat(cases())
        .filteredOn(c -> c.liveHolder().isEmpty() && c.shared().isEmpty() && !c.isEnding())
        .isNotEmpty()
        .allMatch(c -> c.allowed() == (c.caller().ownsAccount() && !c.caller().confined()));
  }

  @Test
  void whatStillHasToBeDeletedIsForNobody() {
    assertThat(cases()).filteredOn(Case::isEnding).isNotEmpty().noneMatch(Case::allowed);
  }

  @Test
  void sharesGiveOnlyWhatTheySayOfWhatNobodyElseHolds() {
    assertThat(cases())
        .filteredOn(c -> c.shared().isPresent() && !c.isEnding())
        .isNotEmpty()
        .allMatch(
            c -> {
              boolean without =
                  new Case(c.caller(), c.action(), c.known(), Optional.empty()).allowed();
              boolean sharersOwn =
                  c.liveHolder()
                      .map(h -> h.equals(ObjectHolder.user(c.shared().get().sharedBy())))
                      .orElse(c.shared().get().ofAccount());
              boolean given =
                  c.action() == ObjectAction.REFER
                      || (c.action() == ObjectAction.READ
                          && c.shared().get().access() == SharedObject.Access.READ);
              return c.allowed() == (without || (sharersOwn && given));
            });
  }

  private static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (ObjectCaller caller : callers()) {
      for (ObjectAction action : ObjectAction.values()) {
        for (Optional<ProviderObject> known : objects()) {
          for (Optional<SharedObject> shared : shares()) {
            all.add(new Case(caller, action, known, shared));
          }
        }
      }
    }
    return all;
  }

  private static List<ObjectCaller> callers() {
    List<ObjectCaller> all = new ArrayList<>();
    for (UUID user : List.of(BOB, OWNER)) {
      for (ObjectHolder holder : List.of(ObjectHolder.user(user), ObjectHolder.project(PROJECT))) {
        for (int flags = 0; flags < 8; flags++) {
          all.add(
              new ObjectCaller(
                  user,
                  holder,
                  (flags & 1) > 0,
                  (flags & 2) > 0,
                  user,
                  Optional.empty(),
                  TOKEN,
                  (flags & 4) > 0,
                  1));
        }
      }
    }
    return all;
  }

  private static List<Optional<ProviderObject>> objects() {
    List<Optional<ProviderObject>> all = new ArrayList<>();
    all.add(Optional.empty());
    for (ObjectState state : ObjectState.values()) {
      for (Optional<Instant> end :
          List.of(Optional.<Instant>empty(), Optional.of(NOW), Optional.of(NOW.plusMillis(1)))) {
        for (Set<UUID> tokens : List.of(Set.of(TOKEN, NARROWED), Set.of(new UUID(3, 9)))) {
          for (UUID maker : PEOPLE) {
            all.add(Optional.of(object(Optional.empty(), maker, tokens, end, state)));
            HOLDERS.forEach(
                h -> all.add(Optional.of(object(Optional.of(h), maker, tokens, end, state))));
          }
        }
      }
    }
    return all;
  }

  private static ProviderObject object(
      Optional<ObjectHolder> holder,
      UUID maker,
      Set<UUID> tokens,
      Optional<Instant> end,
      ObjectState state) {
    return new ProviderObject(
        new UUID(9, 9),
        new ObjectName(ObjectKind.FILES, "file-1"),
        holder,
        maker,
        tokens,
        NOW.minusSeconds(5),
        end,
        7,
        state,
        Optional.empty(),
        Optional.empty());
  }

  private static List<Optional<SharedObject>> shares() {
    List<Optional<SharedObject>> all = new ArrayList<>();
    all.add(Optional.empty());
    for (SharedObject.Access access : SharedObject.Access.values()) {
      for (boolean ofAccount : List.of(true, false)) {
        all.add(Optional.of(new SharedObject(access, OWNER, ofAccount)));
        all.add(Optional.of(new SharedObject(access, EVE, ofAccount)));
      }
    }
    return all;
  }
}
