package io.claviger.web;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.defaults.DefaultsModule;
import io.claviger.application.definitions.DefinitionsModule;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.health.Readiness;
import io.claviger.application.instances.Instances;
import io.claviger.application.models.ModelsModule;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeysModule;
import java.util.function.Supplier;

/**
 * What the API offers.
 *
 * @param metrics the figures of this process in Prometheus' text format
 */
public record UseCases(
    Users users,
    AccessTokens accessTokens,
    Standards standards,
    DefinitionsModule definitions,
    Instances instances,
    Sharing sharing,
    ProjectsModule projects,
    UserKeysModule userKeys,
    DefaultsModule defaults,
    ModelsModule models,
    ConnectionChecks checks,
    UsageReports usage,
    AuditEvents audit,
    Readiness readiness,
    Supplier<String> metrics) {}
