package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.Users;
import io.claviger.application.credentials.port.MintedStates;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.definitions.FieldsResolver;
import io.claviger.application.fakes.InMemoryAccessHistory;
import io.claviger.application.fakes.InMemoryAttributedUsers;
import io.claviger.application.fakes.InMemoryDeploymentKeys;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.fakes.NoTargets;
import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.groups.Groups;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.LastContacts;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.projects.Projects;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.routing.BareNames;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.MemberSight;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import io.claviger.domain.accounts.User;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The operations that race, on ports of a real store. */
final class RacingUseCases {
  static final InMemorySealer SEALER = InMemorySealer.withOneKey();

  /** Empties the database except for the seeds and the sealer's encryption key. */
  static void begin(PostgresPorts ports) {
    assertThat(ports.emptied().users().isEmpty()).isTrue();
    ports.encryptionKeys().add(SEALER.sealingKey(), SEALER.sentinel(SEALER.sealingKey()));
  }

  /** Empties the database like {@code begin}, and stores the first user. */
  static User storedFirst(PostgresPorts ports, User user) {
    begin(ports);
    return ports.stored(user);
  }

  final Users users;
  final AccessTokens accessTokens;
  final Groups groups;
  final AssignedLimits assignedLimits;
  final OwnToken ownToken;
  final DeviceGrants deviceGrants;
  final DeviceSignIn deviceSignIn;
  final Definitions definitions;
  final Models models;
  final ModelConfigs modelConfigs;
  final Instances instances;
  final UserKeys userKeys;
  final DefaultServices defaults;
  final Sharing sharing;
  final BorrowRequests borrowRequests;
  final Projects projects;
  final BareNames bareNames;
  final UsageReports usage;

  RacingUseCases(Ports ports) {
    this(ports, Quotas.NONE);
  }

  RacingUseCases(Ports ports, Quotas quotas) {
    this(ports, quotas, ConsentDemand.NONE);
  }

  /**
   * @param consents lets changes wait that need the consent of others
   */
  RacingUseCases(Ports ports, Quotas quotas, ConsentDemand consents) {
    this(ports, quotas, consents, SEALER);
  }

  RacingUseCases(Ports ports, Quotas quotas, ConsentDemand consents, InMemorySealer sealer) {
    AuditedChanges attempts = changes(ports, quotas, consents);
    InMemoryDeploymentKeys deploymentKeys = new InMemoryDeploymentKeys();
    ProjectReferences inUse = new ProjectReferences(ports.projects());
    users =
        Users.of(
            ports.users(),
            ports.accessTokens(),
            new Lockout(ports.credentials(), ports.userKeys()),
            inUse,
            new SeededRandomBytes(42),
            attempts);
    accessTokens =
        AccessTokens.of(
            ports.users(),
            ports.accessTokens(),
            new Lockout(ports.credentials(), ports.userKeys()),
            new NoTargets(),
            new SeededRandomBytes(42),
            new TokenAcceptance(Optional.empty()),
            (hash, now) -> ports.accessTokens().find(hash),
            new RejectedTokens(ports.auditTrail(), ports.ids(), ports.accessTokens()),
            attempts);
    Grantees grantees = new Grantees(ports.users(), ports.groups());
    groups =
        Groups.of(
            ports.groups(),
            ports.users(),
            ports.credentials(),
            ports.administratorGroup(),
            attempts);
    assignedLimits =
        AssignedLimits.of(ports.assignedLimits(), ports.users(), ports.groups(), attempts);
    ownToken =
        OwnToken.of(
            ports.users(),
            ports.accessTokens(),
            new NoTargets(),
            new SeededRandomBytes(43),
            attempts);
    deviceGrants =
        DeviceGrants.of(
            ports.users(),
            ports.accessTokens(),
            ports.deviceCodes(),
            ports.refreshTokens(),
            new SeededRandomBytes(44),
            new RejectedTokens(ports.auditTrail(), ports.ids(), ports.accessTokens()),
            attempts);
    deviceSignIn = DeviceSignIn.of(ports.deviceCodes(), ports.credentials(), attempts);
    definitions =
        Definitions.of(
            ports.definitions(),
            new Shares<>(ports.definitionShares(), grantees, attempts),
            new FieldsResolver(ports.apiStandards(), ports.providers()),
            ports.users(),
            attempts);
    models = Models.of(ports.modelConfigs(), sealer, deploymentKeys, attempts);
    modelConfigs =
        ModelConfigs.of(
            ports.modelConfigs(),
            ports.instances(),
            sealer,
            deploymentKeys,
            ports.providers(),
            attempts);
    instances =
        Instances.of(
            new Instances.Stores(
                ports.instances(),
                inUse,
                ModelConfigs.catalogueOf(
                    ports.modelConfigs(), ports.instances(), sealer, deploymentKeys, attempts),
                ports.apiStandards(),
                ports.providers(),
                ports.definitions(),
                ports.users(),
                ports.providerAccounts()),
            new KeyAccess(ports.userKeys(), sealer, deploymentKeys, DestinationPolicy.UNTOLD),
            LastContacts.NONE,
            MintedStates.NONE,
            List.of(),
            attempts);
    userKeys = UserKeys.of(ports.instances(), ports.userKeys(), sealer, attempts);
    defaults = DefaultServices.of(ports.instances(), ports.defaultServices(), attempts);
    sharing =
        Sharing.of(
            ports.instances(),
            ports.shares(),
            ports.borrowRequests(),
            grantees,
            new InMemoryAccessHistory(),
            new MemberSight(ports.groups(), new InMemoryAttributedUsers()),
            attempts);
    borrowRequests =
        BorrowRequests.of(
            ports.borrowRequests(),
            ports.instances(),
            ports.users(),
            new ShareGrants(
                ports.instances(), ports.shares(), ports.borrowRequests(), grantees, attempts),
            new RequestReferences(new InMemoryLinkCipher()),
            attempts);
    projects =
        Projects.of(
            ports.projects(),
            ports.projectShares(),
            ports.instances(),
            ports.shares(),
            ports.users(),
            grantees,
            attempts);
    bareNames = BareNames.of(ports.instances(), ports.bareNames(), attempts);
    usage = UsageReports.of(ports.usage(), new InMemoryAccessHistory());
  }

  static AuditedChanges changes(Ports ports) {
    return changes(ports, Quotas.NONE, ConsentDemand.NONE);
  }

  /** Records changes with the current time. No node is told about them. */
  static AuditedChanges changes(Ports ports, Quotas quotas, ConsentDemand consents) {
    return new AuditedChanges(
        ports.transactions(),
        ports.auditTrail(),
        ports.credentials(),
        ports.ids(),
        InstantSource.system(),
        new AuditedChanges.Controls(() -> {}, quotas, Optional.empty(), consents));
  }

  static EncryptionKeys encryptionKeys(Ports ports, Optional<Sealer> sealer) {
    return EncryptionKeys.of(
        ports.encryptionKeys(), ports.nodes(), ports.sealedValues(), sealer, changes(ports));
  }

  /** Returns a user in the state at sign-in. */
  static Actor as(User user) {
    return new Actor(
        user.id(), user.handle(), user.administrator(), Optional.empty(), "192.0.2.1", "race");
  }
}
