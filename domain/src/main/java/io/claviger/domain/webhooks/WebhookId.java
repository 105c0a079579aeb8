package io.claviger.domain.webhooks;

import java.util.UUID;

/** Identifies a webhook. Another webhook of the same user has another id. */
public record WebhookId(UUID value) {}
