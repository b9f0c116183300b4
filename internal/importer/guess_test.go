package importer

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"licet/license"
)

// The header lines are those of real files (data layouts that boards publish); the
// rows are invented.
var rosters = []struct {
	name, file string
	takes      string            // of the rows
	want       map[string]string // key of the mapping → value
	words      map[string]string // status or action word → what it does
}{
	{
		"Illinois",
		`_id,License Type,Description,License Number,License Status,Business,Title,First Name,Middle,Last Name,Prefix,Suffix,Business Name,BusinessDBA,Original Issue Date,Effective Date,Expiration Date,City,State,Zip,County,Specialty/Qualifier,Controlled Substance Schedule,Delegated Controlled Substance Schedule,Ever Disciplined,LastModifiedDate,Case Number,Action,Discipline Start Date,Discipline End Date,Discipline Reason
1,NURSING BOARD,REGISTERED NURSE,041900001,ACTIVE,N,,EXAMPLE A,,SAMPLESON,,,EXAMPLE A SAMPLESON,,01/25/1994 00:00:00,06/01/2024 00:00:00,05/31/2026 00:00:00,CAIRO,IL,62914,ALEXANDER,None,None,None,N,08/03/2024 00:00:00,None,None,/ /,/ /,None
2,NURSING BOARD,REGISTERED NURSE,041900002,NOT RENEWED,N,,INVENTA,,SAMPLESON,,,INVENTA SAMPLESON,,01/25/1995 00:00:00,06/01/2020 00:00:00,05/31/2022 00:00:00,ALTON,IL,00000,FLORIDA,None,None,None,Y,08/03/2022 00:00:00,2001-00001,PROBATION,11/04/1999 00:00:00,11/03/2001 00:00:00,INVENTED REASON
3,MEDICAL BOARD,MEDICAL CORPORATION,042900001,REVOKED,Y,,,,,,,NOBODYS MEDICAL SC,NOBODYS,01/25/1996 00:00:00,06/01/2020 00:00:00,01/01/2099 00:00:00,ALTON,IL,62002,MADISON,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
4,MEDICAL BOARD,MEDICAL CORPORATION,04*****99,ACTIVE,Y,,,,,,,NOBODYS OTHER SC,,01/25/1996 00:00:00,06/01/2020 00:00:00,01/01/2099 00:00:00,ALTON,IL,62002,MADISON,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
`,
		"3 of 4",
		map[string]string{
			"license.number": "License Number", "license.profession": "Description", "license.issued": "Original Issue Date", "term.from": "Effective Date", "term.through": "Expiration Date",
			"name.family": "Last Name", "name.given": "First Name", "name.middle": "Middle", "name.suffix": "Suffix", "name.legal": "Business Name", "name.dba": "BusinessDBA", "status.column": "License Status",
			"subject.column": "Business", "order.action": "Action", "order.since": "Discipline Start Date", "order.through": "Discipline End Date", "order.case": "Case Number", "order.reason": "Discipline Reason",
			"address.city": "City", "address.state": "State", "address.zip": "Zip", "file.newest": "LastModifiedDate", "file.dates": "MM/DD/YYYY TIME", "term.never": "2099-01-01", "file.missing": "/ / 00000 None", "board.id": "us-il",
		},
		map[string]string{"ACTIVE": "says current", "NOT RENEWED": "says over", "REVOKED": "barred revocation", "PROBATION": "conditions probation"},
	},
	{
		"Illinois, as Socrata names it",
		`license_type,description,license_number,license_status,business,title,first_name,middle,last_name,prefix,suffix,business_name,businessdba,original_issue_date,effective_date,expiration_date,city,state,zip,county,ever_disciplined,lastmodifieddate,case_number,action,discipline_start_date,discipline_end_date,discipline_reason
NURSING BOARD,REGISTERED NURSE,041900001,ACTIVE,N,,EXAMPLE A,,SAMPLESON,,,EXAMPLE A SAMPLESON,,1994-01-25T00:00:00.000,2024-06-01T00:00:00.000,2026-05-31T00:00:00.000,CAIRO,IL,62914,ALEXANDER,N,2024-08-03T00:00:00.000,,,,,
MEDICAL BOARD,PHYSICIAN,036900001,INACTIVE,N,,EXAMPLE B,,INVENTA,,,EXAMPLE B INVENTA,,1994-01-25T00:00:00.000,2023-08-01T00:00:00.000,2026-07-31T00:00:00.000,CAIRO,IL,62914,ALEXANDER,N,2024-08-03T00:00:00.000,,,,,
`,
		"2 of 2",
		map[string]string{
			"license.number": "license_number", "license.profession": "description", "license.issued": "original_issue_date", "term.from": "effective_date", "term.through": "expiration_date",
			"name.dba": "businessdba", "subject.column": "business", "order.action": "action", "file.newest": "lastmodifieddate", "file.dates": "YYYY-MM-DDTTIME",
		},
		map[string]string{"INACTIVE": "inactive"},
	},
	{
		"Washington",
		`CredentialNumber,LastName,FirstName,MiddleName,CredentialType,Status,BirthYear,CEDueDate,FirstIssueDate,LastIssueDate,ExpirationDate,ActionTaken
RN.RN.90000001,Sampleson,Example,,Registered Nurse License,ACTIVE,1970,20270101,20010203,20250203,20270203,No
RN.RN.90000002,Inventa,Example,B,Registered Nurse License,EXPIRED,1971,,20010203,20190203,20210203,Yes
TN.TN.90000003,Nobody,Example,,Registered Nurse Temporary Practice Permit,CLOSED,1972,,20010203,20010203,20010803,No
`,
		"3 of 3",
		map[string]string{
			"license.number": "CredentialNumber", "license.profession": "CredentialType", "license.issued": "FirstIssueDate", "term.from": "LastIssueDate", "term.through": "ExpirationDate",
			"name.family": "LastName", "name.given": "FirstName", "name.middle": "MiddleName", "status.column": "Status", "order.action": "", "file.dates": "YYYYMMDD", "constants.subject": "person",
		},
		map[string]string{"ACTIVE": "says current", "EXPIRED": "says over", "CLOSED": "canceled"},
	},
	{
		"Texas, dentists",
		`REC_TYPE,LIC_ID,LIC_NBR,LIC_STA_CDE,LIC_STA_DESC,LIC_ORIG_DTE,LIC_EXPR_DTE,ENTITY_NBR,REMEDIAL_PLNS,FIRST_NME,MIDDLE_NME,LAST_NME,FORMER_LAST_NME,GENDER,BIRTH_YEAR,GRAD_YR,SCHOOL,ADDRESS1,ADDRESS2,CITY,STATE,ZIP,COUNTY,NOX_PERMIT_DTE,LEVEL_1_DTE
DN,1001,90001,20,Active,03/16/2001,03/31/2027,5001,No,EXAMPLE,A,SAMPLESON,,F,1970,1999,INVENTED,1 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,No Permit,
DN,1002,90002,45,Expired,03/16/2001,03/31/2011,5002,No,EXAMPLE,B,INVENTA,NOBODY,M,1970,1999,INVENTED,2 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1003,90003,46,Active/Probate,03/16/2001,03/31/2027,5003,No,EXAMPLE,C,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1004,90004,47,Enf Suspension,03/16/2001,03/31/2027,5004,No,EXAMPLE,D,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1005,90005,48,Expired-NSF,03/16/2001,03/31/2017,5005,No,EXAMPLE,E,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1006,90006,60,Cancelled,03/16/2001,03/31/2017,5006,No,EXAMPLE,F,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1007,90007,61,Revoked,03/16/2001,03/31/2017,5007,No,EXAMPLE,G,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1008,90008,65,Vol Surrender,03/16/2001,03/31/2017,5008,No,EXAMPLE,H,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1009,90009,70,Charity,03/16/2001,03/31/2017,5009,No,EXAMPLE,I,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1010,90010,71,Retired,03/16/2001,03/31/2017,5010,No,EXAMPLE,J,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
DN,1011,90011,80,Deceased/Closed,03/16/2001,03/31/2017,5011,No,EXAMPLE,K,NOBODY,,M,1970,1999,INVENTED,3 EXAMPLE ST,,WACO,TX,76701,MCLENNAN,,
`,
		"11 of 11",
		map[string]string{
			"license.number": "LIC_NBR", "license.issued": "LIC_ORIG_DTE", "term.from": "LIC_ORIG_DTE", "term.through": "LIC_EXPR_DTE", "term.extends": "true", "name.family": "LAST_NME", "name.given": "FIRST_NME",
			"name.middle": "MIDDLE_NME", "status.column": "LIC_STA_DESC", "address.street": "ADDRESS1", "address.city": "CITY", "address.zip": "ZIP", "constants.profession": "profession", "file.dates": "MM/DD/YYYY",
			"board.id": "us-tx",
		},
		map[string]string{
			"Active": "says current", "Expired": "says over", "Active/Probate": "conditions probation", "Enf Suspension": "barred suspension", "Expired-NSF": "says over", "Cancelled": "canceled",
			"Revoked": "barred revocation", "Vol Surrender": "surrendered", "Charity": "", "Retired": "inactive", "Deceased/Closed": "deceased",
		},
	},
	{
		"Texas, hygienists",
		`REC_TYPE,LIC_ID,LIC_NBR,LIC_STA_CDE,LIC_STA_DESC,LIC_ORIG_DTE,LIC_EXPR_DTE,ENTITY_NBR,FIRST_NME,MIDDLE_NME,LAST_MNE,FORMER_LAST_NME
HY,1001,90001,20,Active,03/16/2001,03/31/2027,5001,EXAMPLE,A,SAMPLESON,
`,
		"1 of 1",
		map[string]string{"name.family": "LAST_MNE", "name.given": "FIRST_NME", "license.number": "LIC_NBR"},
		nil,
	},
	{
		"Florida",
		`pro_cde|Profession-Name|lic_id|Expire-Date|Original-Date|Rank-Code|License-Number|Status-Effective-Date|Board-Action-Indicator|License-Status-Description|Last-Name|First-Name|Middle-Name|Name-Suffix|Business-Name|License-Active-Status-Description|County|County-Description|Mailing-Address-Line1|Mailing-Address-City|Mailing-Address-State|Mailing-Address-ZIPcode|Practice-Location-Address-Line1|Practice-Location-Address-City|Practice-Location-Address-State|Practice-Location-Address-ZIPcode|Email
1501|Medical Doctor|1|01/31/2027|02/03/2001|ME|90001|02/03/2001|N|CLEAR|SAMPLESON|EXAMPLE|A|JR||ACTIVE|11|ALACHUA|*** CONFIDENTIAL ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
1501|Medical Doctor|2|01/31/2027|02/03/2001|ME|90002|02/03/2021|Y|EMERG SUSPENS|SAMPLESON|EXAMPLE|B|||ACTIVE|11|ALACHUA|*** CONFIDENTIAL ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
1501|Medical Doctor|3|01/31/2017|02/03/2001|ME|90003|02/03/2015|Y|NULL AND VOID|SAMPLESON|EXAMPLE|C|||INACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
1501|Medical Doctor|4|01/31/2017|02/03/2001|ME|90004|02/03/2015|Y|DISCP RELINQ|SAMPLESON|EXAMPLE|D|||INACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
1501|Medical Doctor|5|01/31/2017|02/03/2001|ME|90005|02/03/2015|Y|VOL RELINQ|SAMPLESON|EXAMPLE|E|||INACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
1501|Medical Doctor|6|01/31/2017|02/03/2001|ME|90006|02/03/2015|Y|VOLUN WITHDRAW|SAMPLESON|EXAMPLE|F|||INACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
2201|Pharmacy|7|01/31/2027|02/03/2001|PH|90007|02/03/2001|N|CLEAR|||||EXAMPLE PHARMACY INC|ACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
2201|Pharmacy|8|01/31/2027|02/03/2001|PH|90008|02/03/2011|N|SUSPENDED|||||NOBODY PHARMACY INC|ACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
2201|Pharmacy|9|01/31/2027|02/03/2001|PH|90009|02/03/2011|N|RETIRED|||||INVENTED PHARMACY INC|ACTIVE|11|ALACHUA|*** NOT AVAILABLE ***|*****|**|00000|1 EXAMPLE ST|ALACHUA|FL|32615|
`,
		"9 of 9",
		map[string]string{
			"file.separator": "|", "license.number": "License-Number", "license.profession": "pro_cde", "license.issued": "Original-Date", "term.from": "Original-Date", "term.through": "Expire-Date",
			"name.family": "Last-Name", "name.given": "First-Name", "name.middle": "Middle-Name", "name.suffix": "Name-Suffix", "name.legal": "Business-Name", "status.column": "License-Status-Description",
			"status.since": "Status-Effective-Date", "subject.by_name": "true", "profession": "1501 medical-doctor Medical Doctor", "address.state": "Practice-Location-Address-State",
		},
		map[string]string{
			"CLEAR": "says current", "EMERG SUSPENS": "barred summary-suspension", "NULL AND VOID": "canceled", "DISCP RELINQ": "barred surrender", "VOL RELINQ": "surrendered",
			"VOLUN WITHDRAW": "canceled", "SUSPENDED": "barred suspension", "RETIRED": "inactive",
		},
	},
	{
		"Connecticut",
		`CredentialId,Name,Type,BusinessName,DBA,FullCredentialCode,CredentialType,CredentialNumber,CredentialSubCategory,Credential,Status,StatusReason,Active,IssueDate,EffectiveDate,ExpirationDate,Address,City,State,Zip,RecordRefreshedOn
1,EXAMPLE A SAMPLESON,INDIVIDUAL,,,10.900001,10,900001,,Registered Nurse,ACTIVE,CURRENT,1,02/03/2001,10/01/2025,09/30/2026,1 EXAMPLE ST,HARTFORD,CT,061011234,10/05/2025
2,INVENTED PENS LLC,CORPORATION,INVENTED PENS LLC,PENS,PEN.9000002,PEN,9000002,,Pen Maker,INACTIVE,LAPSED DUE TO NON-RENEWAL,0,02/03/2001,10/01/2015,09/30/2016,2 EXAMPLE ST,HARTFORD,CT,06101,10/05/2025
3,EXAMPLE B NOBODY,INDIVIDUAL,,,ELC.9000003-E2,ELC,9000003,E2,Electrician,INACTIVE,FAILED TO RENEW,0,02/03/2001,10/01/2015,09/30/2016,3 EXAMPLE ST,HARTFORD,CT,06101,10/05/2025
`,
		"3 of 3",
		map[string]string{
			"license.number": "FullCredentialCode", "license.profession": "CredentialType", "license.issued": "IssueDate", "term.from": "EffectiveDate", "term.through": "ExpirationDate", "name.full": "Name",
			"name.legal": "BusinessName", "name.dba": "DBA", "subject.column": "Type", "status.column": "Status", "file.newest": "RecordRefreshedOn", "address.street": "Address",
		},
		map[string]string{"ACTIVE": "says current", "INACTIVE": "inactive"},
	},
	{
		"Colorado",
		`lastName,firstName,middleName,suffix,entityName,city,state,mailZipCode,licenseType,subCategory,licenseNumber,licenseFirstIssueDate,licenseLastRenewedDate,licenseExpirationDate,licenseStatusDescription,caseNumber,programAction,disciplineEffectiveDate,disciplineCompleteDate,linkToVerifyLicense,linkToViewHealthcareProfile
Sampleson,Example,A,,,Denver,CO,80201,RN,,9000001,2001-02-03T00:00:00.000,2024-10-01T00:00:00.000,2026-09-30T00:00:00.000,Active,,,,,https://example.org/1,
Inventa,Example,B,,,Denver,CO,80201,RN,,9000002,2001-02-03T00:00:00.000,2024-10-01T00:00:00.000,2026-09-30T00:00:00.000,Active,2020-1,Letter of Admonition,2020-05-06T00:00:00.000,,https://example.org/2,
,,,,Invented Barbers LLC,Denver,CO,80201,SHOP,,9000003,2001-02-03T00:00:00.000,2014-10-01T00:00:00.000,2016-09-30T00:00:00.000,Expired,2015-1,Stipulation: Probation,2015-05-06T00:00:00.000,2016-05-06T00:00:00.000,https://example.org/3,
`,
		"2 of 3", // nobody decided what a letter of admonition does
		map[string]string{
			"license.number": "licenseNumber", "license.profession": "licenseType", "license.issued": "licenseFirstIssueDate", "term.from": "licenseLastRenewedDate", "term.through": "licenseExpirationDate",
			"name.family": "lastName", "name.legal": "entityName", "address.zip": "mailZipCode", "status.column": "licenseStatusDescription", "order.action": "programAction", "order.since": "disciplineEffectiveDate",
			"order.through": "disciplineCompleteDate", "order.case": "caseNumber", "subject.by_name": "true",
		},
		map[string]string{"Stipulation: Probation": "conditions probation"},
	},
	{
		"California, Department of Consumer Affairs",
		`Agency Name,LicTypeCode,License Type,License Number,Indiv/Org,Org/Last Name,First Name,Middle Name,Suffix,Address Line 1,Address Line 2,City,County,State,Zip,Country,Original Issue Date,Expiration Date,License Status
Medical Board,8002,Physician and Surgeon A,A900001,I,SAMPLESON,EXAMPLE,A,,1 EXAMPLE ST,,FRESNO,FRESNO,CA,93701,USA,02/03/2001,03/31/2027,Current
Medical Board,8002,Physician and Surgeon A,A900002,I,INVENTA,EXAMPLE,B,,1 EXAMPLE ST,,FRESNO,FRESNO,CA,93701,USA,02/03/2001,03/31/2017,Delinquent
Medical Board,8010,Fictitious Name Permit,900003,O,NOBODYS MEDICAL GROUP,,,,1 EXAMPLE ST,,FRESNO,FRESNO,CA,93701,USA,02/03/2001,03/31/2017,Canceled
`,
		"3 of 3",
		map[string]string{
			"license.number": "License Number", "license.profession": "LicTypeCode", "license.issued": "Original Issue Date", "term.from": "Original Issue Date", "term.through": "Expiration Date", "term.extends": "true",
			"name.family": "Org/Last Name", "name.legal": "Org/Last Name", "subject.column": "Indiv/Org", "status.column": "License Status", "address.street": "Address Line 1",
			"profession": "8002 physician-and-surgeon-a Physician and Surgeon A",
		},
		map[string]string{"Current": "says current", "Delinquent": "says over", "Canceled": "canceled"},
	},
	{
		"California, alerts of the Medical Board",
		`alert_issue_date,name,city_state,license_number,type_of_action,date_of_action
2022-01-03,"Sampleson, Example","Fresno, CA",A 90001,Accusation,2021-12-01
2022-01-04,"Inventa, Example","Fresno, CA",A90002,Surrendered,2021-12-02
2022-01-05,"Nobody, Example","Fresno, CA",G 900003,First Amended Accusation ,2021-12-03
2022-01-06,"Nobody, Example","Fresno, CA",G 900003,Cease Practice Order,2021-12-03
2022-01-07,"Nobody, Example","Fresno, CA",G 900003,Public Letter of Reprimand,2021-12-03
2022-01-08,"Nobody, Example","Fresno, CA",G 900003,Decision,2021-12-03
`,
		"5 of 6",
		map[string]string{
			"file.holds": "orders", "license.number": "license_number", "license.drop": " ", "name.full": "name", "name.form": FormFamilyGiven, "order.action": "type_of_action", "order.since": "date_of_action",
			"file.newest": "alert_issue_date",
		},
		map[string]string{"Accusation": "", "First Amended Accusation": "", "Surrendered": "barred surrender", "Cease Practice Order": "barred summary-suspension", "Public Letter of Reprimand": "none reprimand", "Decision": "unsaid"},
	},
	{
		"Missouri",
		"prc_first_name\tprc_middle_name\tprc_last_name\tprc_suffix\tba_address\tba_2address\tba_city\tba_state\tba_zip\tba_cnty\tba_cntry\tlic_profession\tlic_number\tlst_description\tles_description\tprc_dba_name\tlic_orig_issue_date\tlic_exp_date\tprc_entity_name\n" +
			"EXAMPLE\tA\tSAMPLESON\t\t1 EXAMPLE ST\t\tROLLA\tMO\t65401\tPHELPS\tUSA\tRegistered Nurse\t2001900001\tActive\tCurrent\t\t02/03/2001\t04/30/2027\t\n" +
			"\t\t\t\t2 EXAMPLE ST\t\tROLLA\tMO\t65401\tPHELPS\tUSA\tRegistered Nurse\t2001900002\tLapsed\tExpired\tSHEARS\t02/03/2001\t04/30/2017\tINVENTED BARBERS LLC\n",
		"2 of 2",
		map[string]string{
			"file.separator": "\t", "license.number": "lic_number", "license.profession": "lic_profession", "license.issued": "lic_orig_issue_date", "term.from": "lic_orig_issue_date", "term.through": "lic_exp_date",
			"name.family": "prc_last_name", "name.given": "prc_first_name", "name.middle": "prc_middle_name", "name.suffix": "prc_suffix", "name.legal": "prc_entity_name", "name.dba": "prc_dba_name",
			"address.street": "ba_address", "address.city": "ba_city", "address.state": "ba_state", "address.zip": "ba_zip", "status.column": "lst_description", "subject.by_name": "true", "board.id": "us-mo",
		},
		map[string]string{"Active": "says current", "Lapsed": "says over"},
	},
	{
		"an upload to the compacts' system",
		`dateOfBirth,dateOfExpiration,dateOfIssuance,dateOfRenewal,familyName,givenName,middleName,suffix,homeAddressStreet1,homeAddressCity,homeAddressState,homeAddressPostalCode,licenseNumber,licenseType,ssn,licenseStatus,licenseStatusName,compactEligibility,npi,emailAddress,phoneNumber
1970-01-01,2027-01-31,2001-02-03,2025-02-01,Sampleson,Example,A,,1 Example St,Lima,OH,45801,A-900001,audiologist,,active,Active in Renewal,eligible,,,
1970-01-01,2017-01-31,2001-02-03,2015-02-01,Inventa,Example,B,,1 Example St,Lima,OH,45801,A-900002,audiologist,,inactive,Inactive,ineligible,,,
`,
		"2 of 2",
		map[string]string{
			"license.number": "licenseNumber", "license.profession": "licenseType", "license.issued": "dateOfIssuance", "term.from": "dateOfRenewal", "term.through": "dateOfExpiration", "name.family": "familyName",
			"name.given": "givenName", "name.middle": "middleName", "status.column": "licenseStatus", "address.city": "homeAddressCity", "address.zip": "homeAddressPostalCode", "file.dates": "YYYY-MM-DD",
		},
		map[string]string{"active": "says current", "inactive": "inactive"},
	},
	{
		"Chicago",
		chicagoRows,
		"7 of 9", // two first days stand in another column
		map[string]string{
			"license.number": "LICENSE NUMBER", "license.profession": "LICENSE CODE", "license.issued": "", "term.from": "LICENSE TERM START DATE", "term.through": "LICENSE TERM EXPIRATION DATE", "name.legal": "LEGAL NAME",
			"name.dba": "DOING BUSINESS AS NAME", "status.column": "LICENSE STATUS", "status.since": "LICENSE STATUS CHANGE DATE", "constants.subject": "organization",
			"profession": "1010 limited-business-license Limited Business License", "address.zip": "ZIP CODE",
		},
		map[string]string{"AAI": "says current", "AAC": "canceled", "REV": "barred revocation"},
	},
	{
		"Spanish",
		"Nombre;Apellidos;Profesión;Número de Licencia;Estado;Fecha de Expedición;Fecha de Vencimiento;Ciudad\nEjemplo;Inventada;Enfermería;E-9001;Vigente;03/02/2001;31/12/2026;Ponce\nEjemplo;Nadie;Enfermería;E-9002;Vencida;13/02/2001;31/12/2016;Ponce\n",
		"2 of 2",
		map[string]string{
			"file.separator": ";", "file.dates": "DD/MM/YYYY", "license.number": "Número de Licencia", "license.profession": "Profesión", "name.given": "Nombre", "name.family": "Apellidos", "status.column": "Estado",
			"term.from": "Fecha de Expedición", "term.through": "Fecha de Vencimiento", "address.city": "Ciudad",
		},
		map[string]string{"Vigente": "says current", "Vencida": "says over"},
	},
	{
		"German, in Windows-1252",
		"Name;Vorname;Beruf;Zulassungsnummer;Status;Erteilungsdatum;G\xfcltig ab;G\xfcltig bis;Ort;PLZ\nM\xfcsterfrau;Beispiel;Pflege;DE9001;Aktiv;03.02.2001;01.01.2025;31.12.2026;K\xf6ln;50667\n",
		"1 of 1",
		map[string]string{
			"file.encoding": Windows1252, "file.dates": "DD.MM.YYYY", "license.number": "Zulassungsnummer", "license.profession": "Beruf", "name.family": "Name", "name.given": "Vorname", "license.issued": "Erteilungsdatum",
			"term.from": "Gültig ab", "term.through": "Gültig bis", "address.city": "Ort", "address.zip": "PLZ",
		},
		map[string]string{"Aktiv": "says current"},
	},
	{
		"French",
		"Nom,Prénom,Profession,Numéro de permis,Statut,Date de délivrance,Date d'échéance,Ville\nExemple,Inventée,Infirmière,P9001,Actif,2001-02-03,2026-03-31,Laval\n",
		"1 of 1",
		map[string]string{
			"license.number": "Numéro de permis", "name.family": "Nom", "name.given": "Prénom", "status.column": "Statut", "term.from": "Date de délivrance", "term.through": "Date d'échéance", "address.city": "Ville",
		},
		map[string]string{"Actif": "says current"},
	},
}

var chicagoRows = func() string {
	b, err := os.ReadFile("testdata/chicago_invented.csv")
	if err != nil {
		panic(err)
	}
	return string(b)
}()

func TestGuessesAreRight(t *testing.T) {
	for _, c := range rosters {
		g, err := GuessMapping(strings.NewReader(c.file), int64(len(c.file)), c.name)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		m, err := ParseMapping("proposal", g.Text)
		if err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, g.Text)
			continue
		}
		if !strings.Contains(string(g.Text), "it takes "+c.takes+" rows") {
			t.Errorf("%s: not %s rows\n%s", c.name, c.takes, g.Text)
		}
		for key, want := range c.want {
			if got := m.told(key); got != want {
				t.Errorf("%s: %s is %q, not %q", c.name, key, got, want)
			}
		}
		for word, want := range c.words {
			if got, ok := m.toldWord(word); !ok || got != want {
				t.Errorf("%s: %s is %q (%v), not %q", c.name, word, got, ok, want)
			}
		}
		if testing.Verbose() && c.name == "Illinois" {
			fmt.Printf("%s", g.Text)
		}
	}
}

// told returns what a mapping says under a key.
func (m *Mapping) told(key string) string {
	profession := ""
	if len(m.Profession) > 0 {
		p := m.Profession[0]
		profession = strings.TrimSpace(p.Code + " " + p.ID + " " + p.Title)
	}
	return map[string]string{
		"file.holds": m.File.Holds, "file.separator": m.File.Separator, "file.encoding": m.File.Encoding, "file.dates": strings.Join(m.File.Dates, " "),
		"file.missing": strings.Join(m.File.Missing, " "), "file.newest": strings.Join(m.File.Newest, " "), "board.id": m.Board.ID,
		"license.number": m.License.Number, "license.profession": m.License.Profession, "license.issued": m.License.Issued, "license.drop": m.License.Drop,
		"term.from": m.Term.From, "term.through": m.Term.Through, "term.extends": fmt.Sprint(m.Term.Extends), "term.never": strings.Join(m.Term.Never, " "),
		"name.family": m.Name.Family, "name.given": m.Name.Given, "name.middle": m.Name.Middle, "name.suffix": m.Name.Suffix, "name.legal": m.Name.Legal, "name.dba": m.Name.DBA, "name.full": m.Name.Full, "name.form": m.Name.Form,
		"address.street": m.Address.Street, "address.city": m.Address.City, "address.state": m.Address.State, "address.zip": m.Address.Zip,
		"subject.column": m.Subject.Column, "subject.by_name": fmt.Sprint(m.Subject.ByName), "status.column": m.Status.Column, "status.since": m.Status.Since,
		"order.action": m.Order.Action, "order.case": m.Order.Case, "order.since": m.Order.Since, "order.through": m.Order.Through, "order.reason": m.Order.Reason,
		"constants.subject": m.Constants.Subject, "constants.profession": m.Constants.Profession, "profession": profession,
	}[key]
}

func (m *Mapping) toldWord(word string) (string, bool) {
	if w, ok := m.Status.Words[word]; ok {
		says := ""
		if w.Says != "" && w.Lifecycle == "active" { // again
			w.Lifecycle = ""
		}
		if w.Says != "" {
			says = "says " + w.Says
		}
		return strings.TrimSpace(strings.Join([]string{w.Lifecycle, w.Authority, w.Action, says}, " ")), true
	}
	w, ok := m.Order.Words[word]
	if w.Unsaid {
		return "unsaid", ok
	}
	return strings.TrimSpace(w.Authority + " " + w.Action), ok
}

// Files that are the same everywhere get the mapping that comes with the program.
func TestGuessKnowsFederalFiles(t *testing.T) {
	for name, file := range map[string]string{
		"nppes": "NPI,Entity Type Code,Provider Last Name (Legal Name),Last Update Date,Healthcare Provider Taxonomy Code_1,Provider License Number_1,Provider License Number State Code_1,Healthcare Provider Primary Taxonomy Switch_1\n" +
			"1234567893,1,SAMPLESON,02/03/2020,163W00000X,RN900001,IL,Y\n",
		"oig-exclusions": "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE\n" +
			"\"SAMPLESON\",\"EXAMPLE\",\"\",\"\",\"NURSE\",\"\",\"\",\"0000000000\",\"19700101\",\"1 EXAMPLE ST\",\"CAIRO\",\"IL\",\"62914\",\"1128b4\",\"20200319\",\"00000000\",\"00000000\",\"\"\n",
	} {
		g, err := GuessMapping(strings.NewReader(file), int64(len(file)), name)
		if err != nil || !strings.Contains(string(g.Text), "--map "+name) {
			t.Errorf("%s: %s, %v", name, g.Text, err)
			continue
		}
		m, err := ParseMapping(name, g.Text)
		if err != nil {
			t.Fatal(err)
		}
		r := oneRow(t, m, []byte(file))
		if len(r.Flaws) > 0 {
			t.Errorf("%s: %v", name, r.Flaws)
		}
		if name == "nppes" && (len(r.Claims) != 1 || r.Claims[0] != license.Claim{State: "IL", Number: "RN900001", Taxonomy: "163W00000X", Primary: true} || r.NPI != "1234567893") {
			t.Errorf("%+v", r)
		}
		if x := r.Exclusion; name != "nppes" && (x == nil || *x != Exclusion{Kind: "1128b4", Born: "1970-01-01", From: "2020-03-19"}) {
			t.Errorf("%+v", r.Exclusion)
		}
	}
}

// Hostile names of columns and words stay within their quotation marks.
func FuzzGuess(f *testing.F) {
	for _, c := range rosters {
		f.Add([]byte(c.file))
	}
	f.Add([]byte("license number,status,expiration date\n1,\"x\n[file]\nholds = 1\",2020-01-01\n2,\"\u202e\\\"\x01\",2020-01-01\n"))
	f.Add([]byte("a\"b\nc;\xff;\x00\n1;2;3\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := GuessMapping(strings.NewReader(string(b)), int64(len(b)), "file")
		if err != nil {
			return
		}
		if _, err := ParseMapping("proposal", g.Text); err != nil && strings.Contains(err.Error(), "toml:") {
			t.Errorf("%v\n%s", err, g.Text)
		}
	})
}

func TestNPI(t *testing.T) {
	for n, want := range map[string]bool{"1234567893": true, "1234567894": false, "123456789": false, "3234567893": false, "12345678x3": false, "": false} {
		if FitsNPI(n) != want {
			t.Error(n)
		}
	}
}

// Headers that no list has are known by parts of their names, and then it is said.
func TestGuessesByPartsOfNames(t *testing.T) {
	for _, c := range []struct {
		file, takes string
		want        map[string]string
	}{
		{
			"Permit #,Holder,Kind of Permit,Valid From,Valid Until,Standing,Town\nP-100,Invented Shoes Inc,Retail,3/13/2024,2/28/2026,Good Standing,Cairo\n", "1 of 1",
			map[string]string{"constants.subject": "organization", "license.number": "Permit #", "name.full": "Holder", "license.profession": "Kind of Permit", "status.column": "Standing", "address.city": "Town", "term.through": "Valid Until"},
		},
		{
			"Registrant Name;Reg. No.;Class;Date Registered;Expires On;Reg Status;Date of Last Renewal\nSampleson, Example;R1;Barber;1-Feb-2001;31-Jan-2027;Active;1-Feb-2025\n", "1 of 1",
			map[string]string{"constants.subject": "person", "license.number": "Reg. No.", "name.full": "Registrant Name", "name.form": FormFamilyGiven, "license.profession": "Class", "term.from": "Date of Last Renewal", "term.through": "Expires On", "status.column": "Reg Status"},
		},
		{
			"N° de colegiado,Primer Apellido,Segundo Apellido,Nombre,Especialidad,Situación,Fecha de alta,Fecha de baja,Provincia\n9001,Inventada,Nadie,Ejemplo,Cardiología,Alta,13/02/2001,14/02/2027,Madrid\n", "1 of 1",
			map[string]string{"license.number": "N° de colegiado", "name.family": "Primer Apellido", "name.given": "Nombre", "name.middle": "", "license.profession": "Especialidad", "status.column": "Situación", "term.from": "Fecha de alta", "term.through": "Fecha de baja"},
		},
		{
			"License No.,Full Name,License Type,Original Date of Licensure,Current License Effective Date,Current License Expiration Date,Current Status\nNP.0001,EXAMPLE SAMPLESON,NP,01/13/2003,01/02/2025,12/31/2026,ACTIVE - RENEWABLE\nNP.0002,EXAMPLE NOBODY,NP,01/13/2003,01/02/2025,12/31/2026,ACTIVE - PROBATION\n", "2 of 2",
			map[string]string{"constants.subject": "person", "license.number": "License No.", "license.issued": "Original Date of Licensure", "term.from": "Current License Effective Date", "term.through": "Current License Expiration Date", "status.column": "Current Status"},
		},
	} {
		g, err := GuessMapping(strings.NewReader(c.file), int64(len(c.file)), "invented")
		if err != nil {
			t.Fatal(err)
		}
		m, err := ParseMapping("proposal", g.Text)
		if err != nil || !strings.Contains(string(g.Text), "it takes "+c.takes+" rows") || !strings.Contains(string(g.Text), "part of the column's name") {
			t.Errorf("%v\n%s", err, g.Text)
			continue
		}
		for key, want := range c.want {
			if got := m.told(key); got != want {
				t.Errorf("%.20q: %s is %q, not %q", c.file, key, got, want)
			}
		}
	}
}
