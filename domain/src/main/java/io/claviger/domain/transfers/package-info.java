/**
 * Transfers: a user offers services and projects to another user, who accepts or declines. Code of
 * the application and of the database changes the owner in the rows.
 */
package io.claviger.domain.transfers;
