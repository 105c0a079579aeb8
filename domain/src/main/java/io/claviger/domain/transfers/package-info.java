/**
 * Transfers: a user offers services and projects to another user, who accepts or declines. How rows
 * change owner is up to the application and the database.
 */
package io.claviger.domain.transfers;
