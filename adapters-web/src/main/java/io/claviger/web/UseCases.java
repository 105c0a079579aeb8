package io.claviger.web;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.definitions.Definitions;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.health.Readiness;
import io.claviger.application.instances.Instances;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.projects.Projects;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.standards.Standards;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.userkeys.UserKeys;
import java.util.function.Supplier;

/**
 * The use cases that the API calls.
 *
 * @param metrics returns the metrics of this process in Prometheus' text format
 */
public record UseCases(
    Users users,
    AccessTokens accessTokens,
    Standards standards,
    Definitions definitions,
    Instances instances,
    Sharing sharing,
    Projects projects,
    UserKeys userKeys,
    DefaultServices defaults,
    Models models,
    ModelConfigs modelConfigs,
    ConnectionChecks checks,
    CallExplanations explanations,
    UsageReports usage,
    AuditEvents audit,
    Readiness readiness,
    Supplier<String> metrics) {}
