package io.claviger.gateway.authorize;

import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.objects.UploadLinks;
import io.claviger.application.routing.ModelRouting;
import java.util.Optional;

/**
 * The objects and settings that are needed to authorize calls. All calls share them.
 *
 * @param routing the lookup of the services that serve a model
 * @param executor the executor of the authorizations that have to query the database
 * @param uploads the maker and decoder of the addresses to which callers upload files; empty if the
 *     gateway gives out no such addresses
 * @param secrets the secrets with which browsers open WebSockets; empty if the gateway creates no
 *     such secrets
 */
public record AuthorizationContext(
    CallAuthorization authorizeCall,
    ModelRouting routing,
    AuthorizationExecutor executor,
    Optional<UploadLinks> uploads,
    Optional<ClientSecrets> secrets) {}
