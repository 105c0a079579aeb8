package io.claviger.gateway.model;

import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.ServiceTier;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The service tiers that a body permits. */
final class AskedTiers {
  /** The maximum number of different service tiers that a body may choose. */
  private static final int MOST = 16;

  private final ProviderApi api;
  private @Nullable Set<ServiceTier> chosen;
  private boolean isNamed;

  /** The tiers that the body permits only for models that may answer in place of the called one. */
  private Set<ServiceTier> ofSubstitutes = Set.of();

  /**
   * The tier with the prices for the country that the body names. This is the usual tier if calls
   * in that country cost no more than elsewhere.
   */
  private @Nullable ServiceTier country;

  AskedTiers(ProviderApi api) {
    this.api = api;
  }

  /**
   * Adds the tiers that one member of the body permits.
   *
   * @param member the name of the member, as the API spells it
   */
  void choose(String member, String value) {
    Optional<String> name = api.tierChosen(member, value);
    boolean mayBeUsual = api.mayGetUsualTier(member);
    if (api.countryMember().filter(member::equals).isPresent()) {
      country = value.isEmpty() ? null : ServiceTier.of(name.map(api::tierCalled).orElse(""));
      return;
    }
    if (name.isEmpty()) {
      return;
    }
    isNamed |= api.namesTier(member);
    if (mayBeUsual && ServiceTier.isChosenByProvider(name.get())) {
      add(unlessChosen());
      return;
    }
    ServiceTier tier = ServiceTier.of(api.tierCalled(name.get()));
    add(
        mayBeUsual && !tier.equals(ServiceTier.STANDARD)
            ? Set.of(ServiceTier.STANDARD, tier)
            : Set.of(tier));
  }

  /** Adds a tier that the body permits only for a substitute. */
  void chooseForSubstitute(String member, String value) {
    Optional<String> name = api.tierChosen(member, value);
    if (name.isPresent()) {
      ofSubstitutes = ofSubstitutes.isEmpty() ? new HashSet<>() : ofSubstitutes;
      boolean unused = ofSubstitutes.add(ServiceTier.of(api.tierCalled(name.get())));
    }
  }

  /** Whether the body chooses more tiers than can be counted. */
  boolean areTooMany() {
    return chosen != null && chosen.size() > MOST;
  }

  /** Returns the tiers that the body permits, for each country that the body permits. */
  Set<ServiceTier> all() {
    Set<ServiceTier> all = chosen == null ? unlessChosen() : chosen;
    if (chosen != null && !isNamed && !all.containsAll(unlessChosen())) {
      all = new HashSet<>(all);
      boolean unused = all.addAll(unlessChosen());
    }
    if (!ofSubstitutes.isEmpty()) {
      all = new HashSet<>(all);
      boolean unused = all.addAll(ofSubstitutes);
    }
    ServiceTier there = country;
    if (api.countryMember().isEmpty() || ServiceTier.STANDARD.equals(there)) {
      return all;
    }
    boolean isAny = all.contains(ServiceTier.OTHER);
    if (there == null) {
      return isAny ? all : inCountry(all, ServiceTier.IN_US, new HashSet<>(all));
    }
    return isAny ? Set.of(there) : inCountry(all, there, new HashSet<>());
  }

  /** Returns the tiers that the body permits, and another tier that the called model permits. */
  Set<ServiceTier> allWith(ServiceTier other) {
    Set<ServiceTier> all = new HashSet<>(all());
    boolean unused = all.add(other);
    return all;
  }

  private static Set<ServiceTier> inCountry(
      Set<ServiceTier> of, ServiceTier country, Set<ServiceTier> all) {
    of.forEach(
        tier -> {
          boolean unused = all.add(tier.in(country));
        });
    return all;
  }

  private Set<ServiceTier> unlessChosen() {
    return api.choosesTierItself() ? RequestedUse.ANY_TIER : RequestedUse.USUAL_TIER;
  }

  /**
   * Adds service tiers that a member permits. The price of some tiers applies even if the answer
   * names another tier. If the member permits such a tier, the tier replaces the usual tiers.
   */
  private void add(Set<ServiceTier> of) {
    if (areTooMany()) {
      return;
    }
    Set<ServiceTier> before = chosen;
    if (before == null) {
      chosen = of;
      return;
    }
    Set<ServiceTier> both = new HashSet<>(before);
    both.addAll(of);
    if (!isUsualAmong(before) || !isUsualAmong(of)) {
      both.remove(ServiceTier.STANDARD);
      both.remove(ServiceTier.OTHER);
    }
    chosen = both;
  }

  private static boolean isUsualAmong(Set<ServiceTier> of) {
    return of.contains(ServiceTier.STANDARD) || of.contains(ServiceTier.OTHER);
  }
}
