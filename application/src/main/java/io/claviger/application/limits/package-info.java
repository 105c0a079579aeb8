/**
 * The limits that administrators set for users and groups, in addition to the limits of services,
 * shares and tokens. The limits of users and groups apply to all calls of a user.
 */
package io.claviger.application.limits;
