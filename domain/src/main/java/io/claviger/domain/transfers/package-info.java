/**
 * Transfers: a user offers services and projects to another user, who accepts or declines. The
 * application and the database change the owner of the rows.
 */
package io.claviger.domain.transfers;
