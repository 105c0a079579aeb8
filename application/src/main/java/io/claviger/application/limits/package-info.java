/**
 * The limits that administrators set for users and for groups. They apply to all calls of a user,
 * in addition to those of services, shares and tokens.
 */
package io.claviger.application.limits;
