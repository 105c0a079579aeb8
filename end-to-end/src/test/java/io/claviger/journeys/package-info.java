/**
 * What people do from beginning to end, with a running node or the program as a process, over HTTP
 * and with the official SDK. Whatever a node answers, logs, measures and stores meanwhile is
 * searched for keys.
 */
package io.claviger.journeys;
