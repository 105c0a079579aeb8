package io.claviger.application.identity;

import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.Provisioning;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.scim.ScimSettings;
import java.time.InstantSource;

/**
 * The components that exist only if people can sign in with an identity provider.
 *
 * @param refresh the object that refreshes identities; a periodic task calls it
 */
public record SignInFeature(SignIn signIn, IdentityRefresh refresh) {

  /**
   * @param provider the identity provider with the issuer from the settings
   * @param database the database's clock
   */
  public static SignInFeature of(
      OidcSettings settings,
      IdentityProvider provider,
      SignInStore attempts,
      Identities.Stores stores,
      Sealer sealer,
      RandomBytes random,
      Provisioning provisioning,
      ScimSettings scimSettings,
      AuditedChanges changes,
      InstantSource database) {
    ScimSignIn scim =
        new ScimSignIn(
            settings.issuer(), scimSettings, provisioning, stores.users(), stores.identities());
    PersonSync sync =
        new PersonSync(
            settings, stores.users(), stores.identities(), stores.groups(), sealer, scim, database);
    SignInCompletion completion =
        new SignInCompletion(
            settings.issuer(),
            new PersonAdmission(
                settings.claims(), stores.users(), stores.identities(), changes.ids()),
            sync,
            scim,
            stores,
            changes);
    IdentityRefresh refresh =
        new IdentityRefresh(
            settings,
            provider,
            stores.users(),
            stores.identities(),
            sync,
            new Departure(stores, stores.lockout()),
            sealer,
            scim,
            changes,
            database);
    return new SignInFeature(
        new SignInUseCases(provider, attempts, completion, random, changes), refresh);
  }
}
