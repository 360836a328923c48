/**
 * What risk-service publishes: admissions, settlements, and answers to commands it decides alone.
 */
package io.perpetua.contracts.risk;
